// Writes src/api/schema.gen.ts from an OpenAPI 3.1 document: one interface or type for each named schema.
// Usage: npm run gen-types -- <openapi.json>      (`flask openapi` or GET /api/openapi.json)
// Small on purpose: the document is our own and uses objects, arrays, enums, unions with null, refs and maps.
import { readFileSync, writeFileSync } from "node:fs";

const source = process.argv[2];
if (!source) {
  console.error("usage: npm run gen-types -- <openapi.json>");
  process.exit(2);
}
const schemas = JSON.parse(readFileSync(source, "utf8")).components?.schemas ?? {};
const title = (name) => name.replace(/[^A-Za-z0-9_]/g, "_");
const key = (name) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));

function typeOf(schema) {
  if (schema === true || schema === undefined || Object.keys(schema).length === 0) return "unknown";
  if (schema.$ref) return title(schema.$ref.split("/").at(-1));
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const any = schema.anyOf ?? schema.oneOf;
  if (any) return [...new Set(any.map(typeOf))].join(" | ");
  if (schema.allOf) return schema.allOf.map((part) => (/ \| /.test(typeOf(part)) ? `(${typeOf(part)})` : typeOf(part))).join(" & ");
  const kinds = Array.isArray(schema.type) ? schema.type : [schema.type];
  return [...new Set(kinds.map((kind) => plain(kind, schema)))].join(" | ");
}

function plain(kind, schema) {
  switch (kind) {
    case "null":
      return "null";
    case "integer":
    case "number":
      return "number";
    case "string":
      return "string";
    case "boolean":
      return "boolean";
    case "array": {
      const items = typeOf(schema.items);
      return / [|&] /.test(items) ? `(${items})[]` : `${items}[]`;
    }
    default:
      if (schema.properties) return `{ ${fields(schema).join("; ")} }`;
      return `Record<string, ${typeOf(schema.additionalProperties)}>`;
  }
}

function fields(schema) {
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties).map(([name, field]) => `${key(name)}${required.has(name) ? "" : "?"}: ${typeOf(field)}`);
}

const out = Object.entries(schemas)
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([name, schema]) => {
    const about = schema.description ? `/** ${schema.description.replaceAll("*/", "*\\/").replace(/\s+/g, " ")} */\n` : "";
    if (!schema.properties) return `${about}export type ${title(name)} = ${typeOf(schema)};\n`;
    return `${about}export interface ${title(name)} {\n${fields(schema).map((line) => `  ${line};\n`).join("")}}\n`;
  });
const path = new URL("../src/api/schema.gen.ts", import.meta.url);
writeFileSync(path, `// Written by scripts/gen-types.mjs from the OpenAPI document; do not edit.\n\n${out.join("\n")}`);
console.log(`${out.length} types`);
