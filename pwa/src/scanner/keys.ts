/** Hardware keys of handhelds: confirm, undo, next. The mapping is kept on the device and taught on the device screen. */
import { signal } from "@preact/signals";
import { recall, remember } from "../queue/store.ts";

export type Deed = "confirm" | "undo" | "next";
export type KeyMap = Record<Deed, string[]>;

const FACTORY: KeyMap = { confirm: ["F1", "AudioVolumeUp"], undo: ["F2"], next: ["F4", "AudioVolumeDown"] };
export const keyMap = signal<KeyMap>(FACTORY);

type Listener = (deed: Deed) => void;
const listeners: Listener[] = [];
let teaching: ((key: string) => void) | null = null;

export function onKey(listener: Listener): () => void {
  listeners.push(listener);
  return () => void listeners.splice(listeners.indexOf(listener), 1);
}

/** The next key pressed belongs to `deed`. */
export function teach(deed: Deed): Promise<void> {
  return new Promise((done) => {
    teaching = (key) => {
      teaching = null;
      const others = Object.fromEntries(Object.entries(keyMap.value).map(([name, keys]) => [name, keys.filter((one) => one !== key)])) as KeyMap;
      keyMap.value = { ...others, [deed]: [key] };
      void remember("keys", keyMap.value).then(done);
    };
  });
}

export async function resetKeys(): Promise<void> {
  keyMap.value = FACTORY;
  await remember("keys", FACTORY);
}

export function startKeys(): void {
  void recall<KeyMap>("keys").then((kept) => { if (kept) keyMap.value = kept; });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Unidentified" || event.key === "Process" || event.keyCode === 229) return;
    if (teaching && event.key.length > 1 && !["Enter", "Tab", "Shift", "Control", "Alt", "Meta"].includes(event.key)) {
      event.preventDefault();
      teaching(event.key);
      return;
    }
    const found = Object.entries(keyMap.value).find(([, keys]) => keys.includes(event.key));
    if (!found || event.repeat) return;
    event.preventDefault();
    listeners.at(-1)?.(found[0] as Deed);
  }, { capture: true });
}
