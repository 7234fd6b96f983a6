import { useSignal } from "@preact/signals";
import type { JSX, TargetedEvent } from "preact";
import { useEffect } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { keyMap, resetKeys, teach, type Deed } from "../../scanner/keys.ts";
import { guardMs, onScan } from "../../scanner/wedge.ts";
import { Button, Field, Note, Trouble } from "../../ui/parts.tsx";
import { Top } from "../../ui/shell.tsx";
import { sound } from "../../ui/tones.ts";
import { remember } from "../../queue/store.ts";
import { enrolDevice, session } from "../session/store.ts";

function Enrol(): JSX.Element {
  const problem = useSignal<unknown>(null);
  const done = useSignal(false);
  const code = useSignal(new URLSearchParams(location.search).get("code") ?? "");
  useEffect(() => onScan((text) => { code.value = text.replace(/^TLE1:/i, ""); sound("ok"); }), []);
  const enrol = async (event: TargetedEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    problem.value = null;
    await enrolDevice(form.get("code") as string, form.get("name") as string).then(() => { done.value = true; }, (error: unknown) => { problem.value = error; });
  };
  const known = session.value?.device;
  if (done.value || known) return <Note tone="ok">{known ? t("device.is", { name: known.name }) : t("device.done")}</Note>;
  return (
    <form class="card stack" onSubmit={(event) => void enrol(event)}>
      <h2>{t("device.enrol")}</h2>
      <p>{t("device.enrol_hint")}</p>
      <Field label={t("device.code")}><input name="code" value={code.value} autocomplete="off" required dir="ltr" /></Field>
      <Field label={t("device.name")} hint={t("device.name_hint")}><input name="name" autocomplete="off" maxLength={60} required /></Field>
      <Trouble problem={problem.value} />
      <Button kind="main" big type="submit">{t("device.enrol")}</Button>
    </form>
  );
}

function Keys(): JSX.Element {
  const learning = useSignal<Deed | null>(null);
  const learn = (deed: Deed): void => {
    learning.value = deed;
    void teach(deed).then(() => { learning.value = null; sound("ok"); });
  };
  return (
    <section class="card stack">
      <h2>{t("device.keys")}</h2>
      {(["confirm", "undo", "next"] as const).map((deed) => (
        <div class="row spread" key={deed}>
          <span>{t(`device.key.${deed}`)}: <b dir="ltr">{keyMap.value[deed].join(" / ") || "–"}</b></span>
          <Button onClick={() => learn(deed)}>{t(learning.value === deed ? "device.press" : "device.change")}</Button>
        </div>
      ))}
      <Button kind="quiet" onClick={() => void resetKeys()}>{t("device.reset")}</Button>
    </section>
  );
}

function ScanTest(): JSX.Element {
  const last = useSignal<string | null>(null);
  useEffect(() => onScan((text) => { last.value = text; sound("ok"); }), []);
  return (
    <section class="card stack">
      <h2>{t("device.test")}</h2>
      <p>{t("device.test_hint")}</p>
      <output class="code" dir="ltr">{last.value?.replaceAll("\u001d", "⟨GS⟩") ?? "–"}</output>
      <div class="row">{(["ok", "warn", "stop"] as const).map((tone) => <Button key={tone} icon={tone} onClick={() => sound(tone)}>{t(`tone.${tone}`)}</Button>)}</div>
      <Field label={t("device.guard")} hint={t("device.guard_hint")}>
        <input type="number" min={0} max={3000} step={50} value={guardMs.value} onChange={(event) => { guardMs.value = Number(event.currentTarget.value); void remember("guard_ms", guardMs.value); }} />
      </Field>
    </section>
  );
}

export function DeviceScreen(): JSX.Element {
  return (
    <main class="page">
      <Top title={t("nav.device")} />
      <Enrol />
      {session.value && <ScanTest />}
      <Keys />
      <p class="code">{navigator.userAgent}</p>
    </main>
  );
}
