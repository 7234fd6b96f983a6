import { signal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";

/** Path and query of the screen shown. Flask answers every path with index.html, so a reload stays where it is. */
export const path = signal(location.pathname);
export const query = signal(new URLSearchParams(location.search));

function arrived(): void {
  path.value = location.pathname;
  query.value = new URLSearchParams(location.search);
}

export function go(to: string, replace = false): void {
  if (to === location.pathname + location.search) return;
  history[replace ? "replaceState" : "pushState"](null, "", to);
  arrived();
  scrollTo(0, 0);
}

addEventListener("popstate", arrived);

interface LinkProps { to: string; children: ComponentChildren; class?: string }

export function Link({ to, children, class: look }: LinkProps): JSX.Element {
  const follow = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    go(to);
  };
  const current = path.value === to.split("?")[0] ? "page" : undefined;
  return <a href={to} onClick={follow} aria-current={current} class={look}>{children}</a>;
}
