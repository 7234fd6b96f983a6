"""Pure decisions about places: codes and labels, the travel graph, the layout file."""
