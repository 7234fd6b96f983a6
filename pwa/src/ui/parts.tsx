import { useSignal } from "@preact/signals";
import type { ButtonHTMLAttributes, ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Tone } from "../api/types.ts";
import { Problem } from "../api/client.ts";
import { refusal, t, word } from "../i18n/index.ts";
import { Icon } from "./icons.tsx";

type ButtonProps = { icon?: string; kind?: "main" | "quiet" | "stop" | "plain"; big?: boolean; children: ComponentChildren } & ButtonHTMLAttributes & { disabled?: boolean; type?: "button" | "submit" };

export function Button({ icon, kind = "plain", big = false, children, class: extra, type = "button", ...rest }: ButtonProps): JSX.Element {
  return (
    <button type={type} class={`button ${kind} ${big ? "big" : ""} ${typeof extra === "string" ? extra : ""}`} {...rest}>
      {icon && <Icon name={icon} size={big ? 30 : 24} />}
      <span>{children}</span>
    </button>
  );
}

/** Colour, icon and words together. */
export function Note({ tone, children, live = false }: { tone: Tone | "info"; children: ComponentChildren; live?: boolean }): JSX.Element {
  return (
    <div class={`note ${tone}`} role={live ? "status" : undefined} aria-live={live ? "assertive" : undefined}>
      <Icon name={tone} size={28} />
      <div>{children}</div>
    </div>
  );
}

/** What the server's checks say (marshmallow's texts), and the words for it. */
const CHECKS: [RegExp, string][] = [[/^Missing data|may not be null/, "missing"], [/^Not a valid (?:integer|number)/, "number"], [/^(?:Shorter|Longer|Length)/, "length"], [/^Must be (?:greater|less)/, "range"], [/^Must be one of/, "choice"], [/^Unknown field/, "unknown"], [/pattern/, "pattern"]];

function fieldWords(what: unknown): string {
  const said = Array.isArray(what) ? String(what[0]) : typeof what === "string" ? what : "";
  return t(`check.${CHECKS.find(([text]) => text.test(said))?.[1] ?? "other"}`);
}

/** What went wrong and what to do next, with field errors when the server named them. */
export function Trouble({ problem }: { problem: unknown }): JSX.Element | null {
  if (!problem) return null;
  const known = problem instanceof Problem ? problem : new Problem(0, "server_error");
  const fields = known.errors ? Object.entries(known.errors) : [];
  return (
    <Note tone="stop" live>
      {refusal(known.code, known.facts)}
      {fields.length > 0 && <ul class="errors">{fields.map(([field, what]) => <li key={field}>{t("ui.field_error", { field: word("field", field), what: fieldWords(what) })}</li>)}</ul>}
    </Note>
  );
}

export function Light({ state, label, detail }: { state: Tone; label: string; detail?: string }): JSX.Element {
  return (
    <span class={`light ${state}`}>
      <Icon name={state} size={20} />
      <span>{label}{detail && <small>{detail}</small>}</span>
    </span>
  );
}

export function Bar({ done, all, label }: { done: number; all: number; label: string }): JSX.Element {
  return <progress class="bar" max={Math.max(1, all)} value={done} aria-label={label} />;
}

const PAD = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "clear", "0", "back"];

/** Keys for gloves: at least 64 px high, no soft keyboard. */
export function NumberPad({ onKey }: { onKey: (key: string) => void }): JSX.Element {
  return (
    <div class="pad" dir="ltr">
      {PAD.map((key) => (
        <button type="button" key={key} onClick={() => onKey(key)}>{key.length > 1 ? t(`pad.${key}`) : key}</button>
      ))}
    </div>
  );
}

export function padded(value: string, key: string, longest = 8): string {
  if (key === "clear") return "";
  if (key === "back") return value.slice(0, -1);
  return value.length < longest ? value + key : value;
}

/** A dialogue that keeps the focus inside and closes with Escape (the browser's own). */
export function Sheet({ title, onClose, children, wide = false }: { title: string; onClose: () => void; children: ComponentChildren; wide?: boolean }): JSX.Element {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    ref.current?.showModal();
  }, []);
  return (
    <dialog ref={ref} class={wide ? "sheet wide" : "sheet"} aria-label={title} onClose={onClose} onCancel={onClose}>
      <header>
        <h2>{title}</h2>
        <Button icon="close" kind="quiet" onClick={onClose}>{t("ui.close")}</Button>
      </header>
      {children}
    </dialog>
  );
}

export function Field({ label, hint, children }: { label: string; hint?: string; children: ComponentChildren }): JSX.Element {
  return (
    <label class="field">
      <span>{label}</span>
      {children}
      {hint && <small>{hint}</small>}
    </label>
  );
}

/** Loads once (and again when a key changes), shows waiting and trouble. */
export function useLoaded<Value>(load: () => Promise<Value>, keys: unknown[]): { value: Value | null; problem: unknown; busy: boolean; again: () => void } {
  const value = useSignal<Value | null>(null);
  const problem = useSignal<unknown>(null);
  const busy = useSignal(true);
  const turn = useSignal(0);
  useEffect(() => {
    let mine = true;
    busy.value = true;
    load().then(
      (got) => { if (mine) { value.value = got; problem.value = null; busy.value = false; } },
      (error: unknown) => { if (mine) { problem.value = error; busy.value = false; } },
    );
    return () => { mine = false; };
  }, [...keys, turn.value]);
  return { value: value.value, problem: problem.value, busy: busy.value, again: () => { turn.value++; } };
}

export function Loaded<Value>({ of, children }: { of: { value: Value | null; problem: unknown; busy: boolean }; children: (value: Value) => ComponentChildren }): JSX.Element {
  return (
    <>
      <Trouble problem={of.problem} />
      {of.value !== null ? children(of.value) : of.busy && <p class="wait">{t("ui.loading")}</p>}
    </>
  );
}
