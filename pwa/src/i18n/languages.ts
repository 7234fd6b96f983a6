/** Languages offered. A new one is a line here and a JSON file beside this one. */
export interface Language { code: string; name: string; dir: "ltr" | "rtl"; load: () => Promise<Record<string, string>> }

const fetched = (url: string) => async (): Promise<Record<string, string>> => {
  const answer = await fetch(url);
  return (await answer.json()) as Record<string, string>;
};

export const LANGUAGES: Language[] = [
  { code: "zh", name: "简体中文", dir: "ltr", load: fetched(new URL("./zh.json", import.meta.url).href) },
  { code: "en", name: "English", dir: "ltr", load: fetched(new URL("./en.json", import.meta.url).href) },
];

/** English words in a right-to-left page: shows every place that still thinks in left and right. Only by `?lang=x-rtl`. */
export const PSEUDO_RTL: Language = { ...LANGUAGES[1]!, code: "x-rtl", name: "RTL", dir: "rtl" };
