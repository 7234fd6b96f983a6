/**
 * Reads a scanner that types (keyboard wedge), without any field in focus.
 *
 * Three ways in, all measured: real key events; key 229 with one commit per character (Android); one commit of the whole
 * text (DataWedge through its own input method). The hidden sink with `inputmode=none` takes commits without opening the
 * soft keyboard. A scan while a person is in a field is taken out of that field again and delivered as a scan.
 */
import { signal } from "@preact/signals";
import { grow, isRepeat, isScan, PATIENT, RULE, type Burst, type BurstRule } from "./burst.ts";

/** False until the listeners are in place: a scan before that would be cut, so the screen must not invite it. */
export const ready = signal(false);
export const guardMs = signal(400);

type Field = HTMLInputElement | HTMLTextAreaElement;
type Listener = (text: string) => void;

const listeners: Listener[] = [];
let sink: HTMLInputElement | null = null;
let burst: Burst | null = null;
let flushing: ReturnType<typeof setTimeout> | undefined;
/** The last scan by keys ended with Enter or Tab, so the next one will too. */
let suffixed = false;
/** The rule that the burst at hand is read by. */
let rule: BurstRule = RULE;
let last: { text: string; at: number } | null = null;
/** The field a person is in, and what it held before the burst began. */
let held: { field: Field; value: string } | null = null;

/** The newest listener hears the scan: a dialogue on top of a screen, then the screen. Returns how to stop. */
export function onScan(listener: Listener): () => void {
  listeners.push(listener);
  return () => {
    const at = listeners.lastIndexOf(listener);
    if (at >= 0) listeners.splice(at, 1);
  };
}

/** A scan from elsewhere (camera, typed by hand) goes the same way. */
export function deliver(text: string, at: number = performance.now()): void {
  const plain = text.replace(/[\r\n\t]+$/, "");
  if (plain.trim() === "" || isRepeat(last, plain, at, guardMs.value)) return;
  last = { text: plain, at };
  listeners.at(-1)?.(plain);
}

function personIn(target: EventTarget | null): Field | null {
  const field = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement ? target : null;
  if (!field || field === sink || field.dataset.plain !== undefined) return null;
  return field instanceof HTMLInputElement && ["checkbox", "radio", "button", "submit", "file", "range", "color"].includes(field.type) ? null : field;
}

const isPlain = (target: EventTarget | null): boolean => target instanceof HTMLElement && target.dataset.plain !== undefined;

function forget(): void {
  clearTimeout(flushing);
  burst = null;
  held = null;
  if (sink) sink.value = "";
}

function restore(): void {
  if (!held) return;
  const { field, value } = held;
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Ends the burst: delivers it when its rhythm is a scanner's. */
function finish(bySuffix: boolean): boolean {
  const ended = burst;
  const scan = isScan(ended, rule);
  if (scan && (bySuffix || rule === PATIENT)) suffixed = bySuffix;
  if (scan) restore();
  forget();
  if (scan && ended) deliver(ended.text);
  return scan;
}

function add(piece: string, at: number, field: Field | null, before: string, byKey: boolean): void {
  // In a field, a letter typed just before a scan must stay apart from it.
  const wanted = byKey && suffixed && !field ? PATIENT : RULE;
  const starts = !burst || at - burst.lastAt > wanted.gapMs;
  if (starts) held = field ? { field, value: before } : null;
  rule = wanted;
  burst = grow(burst, piece, at, rule);
  clearTimeout(flushing);
  flushing = setTimeout(finish, rule.flushMs, false);
}

function onKeyDown(event: KeyboardEvent): void {
  if (isPlain(event.target)) return;
  const field = personIn(event.target);
  if ((event.key === "Enter" || event.key === "Tab") && !event.isComposing) {
    // Only swallowed when it ends a scan: Enter and Tab keep their meaning for people.
    if (burst && finish(true)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
    return;
  }
  const gs = event.ctrlKey && (event.key === "]" || event.code === "BracketRight");
  if (!gs && (event.key.length !== 1 || event.ctrlKey || event.altKey || event.metaKey)) return;
  if (gs || !field) {
    // Keeps the character out of the sink and a space or letter from working a button in focus.
    if (event.key !== " " || burst) event.preventDefault();
    if (event.key === " " && !burst) return;
  }
  add(gs ? "\u001d" : event.key, event.timeStamp, field, field?.value ?? "", true);
  if (!gs && field) typed = field;
}

/** Set by a real key press: the input event that follows is the same character, not a commit. */
let typed: Field | null = null;
let valueBefore = "";

function onBeforeInput(event: InputEvent): void {
  const field = personIn(event.target);
  if (field) valueBefore = field.value;
}

function onInput(event: Event): void {
  if (!(event instanceof InputEvent) || isPlain(event.target)) return;
  if (event.target === sink && sink) {
    if (event.inputType === "insertLineBreak") { finish(false); return; }
    const whole = sink.value;
    const known = burst && event.timeStamp - burst.lastAt <= RULE.gapMs ? burst.text.length : 0;
    if (known === 0) burst = null;
    const fresh = whole.slice(known);
    if (fresh) add(fresh, event.timeStamp, null, "", false);
    if (known === 0 && whole.length > fresh.length) sink.value = fresh;
    return;
  }
  const field = personIn(event.target);
  if (!field) return;
  if (typed === field) { typed = null; return; }
  if (event.data && (event.inputType === "insertText" || event.inputType === "insertCompositionText")) add(event.data, event.timeStamp, field, valueBefore, false);
}

/** Focus goes back to the sink whenever no field has it, so that commits always have somewhere to go. */
function refocus(): void {
  // A task later: while a click or Tab moves the focus, the body has it for a moment, and a quicker hand would take it away.
  setTimeout(() => {
    const active = document.activeElement;
    if (!sink || document.querySelector("dialog[open]")) return;
    if (active === null || active === document.body) sink.focus({ preventScroll: true });
  }, 0);
}

export function startWedge(): void {
  if (sink) return;
  sink = document.createElement("input");
  sink.inputMode = "none";
  sink.autocomplete = "off";
  sink.tabIndex = -1;
  sink.className = "sink";
  sink.setAttribute("aria-hidden", "true");
  // First in the page: from here Tab goes on to the first link. At the end it would hold keyboard users for ever.
  document.body.prepend(sink);
  document.addEventListener("keydown", onKeyDown, { capture: true });
  document.addEventListener("beforeinput", onBeforeInput, { capture: true });
  document.addEventListener("input", onInput, { capture: true });
  document.addEventListener("focusout", refocus);
  document.addEventListener("pointerup", (event) => {
    const target = event.target instanceof Element ? event.target.closest("button, a") : null;
    // A button that keeps the focus would swallow the commits of the next scan. Where nobody scans, a mouse leaves it there.
    if (target instanceof HTMLElement && (event.pointerType !== "mouse" || listeners.length > 0)) target.blur();
    refocus();
  });
  refocus();
  ready.value = true;
}
