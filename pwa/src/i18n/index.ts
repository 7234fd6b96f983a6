import { signal } from "@preact/signals";
import { format, type Facts } from "./format.ts";
import { LANGUAGES, PSEUDO_RTL, type Language } from "./languages.ts";

const KEY = "tideline.language";
const words = signal<Record<string, string>>({});
export const language = signal<Language>(LANGUAGES[0]!);

/** A BCP 47 tag that Intl understands, for the language shown. */
export const locale = (): string => (language.value.code === "zh" ? "zh-CN" : language.value.code.startsWith("x-") ? "en" : language.value.code);

export async function useLanguage(code: string, keep = true): Promise<void> {
  const chosen = code === PSEUDO_RTL.code ? PSEUDO_RTL : (LANGUAGES.find((one) => one.code === code) ?? LANGUAGES[0]!);
  words.value = await chosen.load();
  language.value = chosen;
  document.documentElement.lang = locale();
  document.documentElement.dir = chosen.dir;
  document.title = t("app.name");
  if (keep) localStorage.setItem(KEY, chosen.code);
}

/** What was chosen on this device, else what the browser speaks, else Chinese. */
export function firstLanguage(): string {
  const asked = new URLSearchParams(location.search).get("lang");
  const kept = asked ?? localStorage.getItem(KEY);
  if (kept) return kept;
  const spoken = navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => LANGUAGES.some((one) => one.code === tag));
  return spoken ?? "zh";
}
export const wasChosen = (): boolean => localStorage.getItem(KEY) !== null;

export function t(key: string, facts: Facts = {}): string {
  const pattern = words.value[key];
  return pattern === undefined ? key : format(pattern, facts, locale());
}

export const has = (key: string): boolean => words.value[key] !== undefined;

/** A refusal in plain words: what happened and what to do next. An unknown code still says its name, for support. */
export function refusal(code: string, facts: Facts = {}): string {
  const key = `refusal.${code}`;
  return has(key) ? t(key, facts) : t("refusal.unknown", { code });
}

/** A word for a value from the server (`order.state` + `picked`); an unknown value is shown as it is. */
export function word(group: string, value: string | null | undefined): string {
  if (value === null || value === undefined || value === "") return "–";
  return has(`${group}.${value}`) ? t(`${group}.${value}`) : value;
}

export const number = (value: number, digits = 0): string => new Intl.NumberFormat(locale(), { maximumFractionDigits: digits }).format(value);
export const metres = (mm: number): string => t("unit.metres", { n: number(mm / 1000) });
export const clock = (iso: string | null): string =>
  iso ? new Intl.DateTimeFormat(locale(), { hour: "2-digit", minute: "2-digit", hour12: false }).format(new Date(iso)) : "–";
/** A time to come (or gone), with its day where that is not today's: "06:12" alone after a cut-off at 20:00 would be read as today. */
export function dayClock(iso: string | null, now: number = Date.now()): string {
  if (!iso) return "–";
  const midnight = (at: number): number => new Date(at).setHours(0, 0, 0, 0);
  const days = Math.round((midnight(Date.parse(iso)) - midnight(now)) / 86_400_000);
  if (days === 0) return clock(iso);
  return days > 0 && days < 10 ? t("time.next_days", { at: clock(iso), n: days }) : new Intl.DateTimeFormat(locale(), { month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hour12: false }).format(new Date(iso));
}
export const moment = (iso: string | null): string =>
  iso ? new Intl.DateTimeFormat(locale(), { month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false }).format(new Date(iso)) : "–";
export const day = (iso: string | null): string => (iso ? new Intl.DateTimeFormat(locale(), { dateStyle: "medium" }).format(new Date(iso)) : "–");
export function ago(iso: string | null, now: number): string {
  if (!iso) return "–";
  const seconds = Math.max(0, Math.round((now - Date.parse(iso)) / 1000));
  if (seconds < 60) return t("time.seconds_ago", { n: seconds });
  return seconds < 5400 ? t("time.minutes_ago", { n: Math.round(seconds / 60) }) : moment(iso);
}
