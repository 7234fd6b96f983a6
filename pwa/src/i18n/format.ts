/**
 * ICU-light: `{name}` and `{n, plural, =0 {none} one {# line} other {# lines}}`, nested arguments allowed.
 * No dates or numbers inside patterns: those are formatted by Intl before they come in.
 */
export type Facts = Record<string, unknown>;

function closing(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === "{") depth++;
    else if (text[at] === "}" && --depth === 0) return at;
  }
  return -1;
}

function plural(choices: string, value: number, language: string, facts: Facts): string {
  const found: Record<string, string> = {};
  let rest = choices.trim();
  while (rest) {
    const open = rest.indexOf("{");
    const end = open < 0 ? -1 : closing(rest, open);
    if (end < 0) break;
    found[rest.slice(0, open).trim()] = rest.slice(open + 1, end);
    rest = rest.slice(end + 1).trim();
  }
  const chosen = found[`=${value}`] ?? found[new Intl.PluralRules(language).select(value)] ?? found.other ?? "";
  return format(chosen.replaceAll("#", new Intl.NumberFormat(language).format(value)), facts, language);
}

function shown(value: unknown, language: string): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "number") return new Intl.NumberFormat(language).format(value);
  if (Array.isArray(value)) return value.map((one) => shown(one, language)).join(", ");
  return typeof value === "string" ? value : JSON.stringify(value);
}

export function format(pattern: string, facts: Facts, language: string): string {
  let out = "";
  let at = 0;
  while (at < pattern.length) {
    const open = pattern.indexOf("{", at);
    const end = open < 0 ? -1 : closing(pattern, open);
    if (end < 0) return out + pattern.slice(at);
    out += pattern.slice(at, open);
    const inside = pattern.slice(open + 1, end);
    const parts = /^\s*(\w+)\s*,\s*plural\s*,([\s\S]*)$/.exec(inside);
    out += parts ? plural(parts[2]!, Number(facts[parts[1]!] ?? 0), language, facts) : shown(facts[inside.trim()], language);
    at = end + 1;
  }
  return out;
}
