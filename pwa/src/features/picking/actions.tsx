import { useSignal } from "@preact/signals";
import type { JSX, TargetedEvent } from "preact";
import type { ShortReason } from "../../api/types.ts";
import { t } from "../../i18n/index.ts";
import { CameraButton } from "../../scanner/camera-button.tsx";
import { deliver } from "../../scanner/wedge.ts";
import { Slot } from "../../ui/icons.tsx";
import { Button, NumberPad, padded, Sheet, Trouble } from "../../ui/parts.tsx";
import type { Expect, PickState } from "./expect.ts";
import { may } from "../session/store.ts";
import { act, claimNext, claimTask, close } from "./store.ts";

const REASONS: ShortReason[] = ["empty", "not_found", "damaged", "blocked"];
type Shown = "short" | "more" | "type" | "qty" | null;

function ShortSheet({ onClose }: { onClose: () => void }): JSX.Element {
  return (
    <Sheet title={t("pick.short_title")} onClose={onClose}>
      <p>{t("pick.short_hint")}</p>
      <div class="stack">
        {REASONS.map((reason) => <Button key={reason} big onClick={() => { onClose(); void act({ type: "short", reason }); }}>{t(`short.${reason}`)}</Button>)}
      </div>
    </Sheet>
  );
}

/** For a label that cannot be read: typed text goes the way of a scan. */
function TypeSheet({ onClose }: { onClose: () => void }): JSX.Element {
  const enter = (event: TargetedEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const text = new FormData(event.currentTarget).get("code") as string;
    onClose();
    deliver(text);
  };
  return (
    <Sheet title={t("pick.type_code")} onClose={onClose}>
      <p>{t("pick.type_hint")}</p>
      <form class="stack" onSubmit={enter}>
        <input name="code" class="huge" autocomplete="off" autocapitalize="characters" enterkeyhint="done" aria-label={t("pick.type_code")} required dir="ltr" data-plain />
        <Button kind="main" big type="submit" icon="ok">{t("ui.ok")}</Button>
      </form>
    </Sheet>
  );
}

function QtySheet({ most, onClose }: { most: number; onClose: () => void }): JSX.Element {
  const value = useSignal("");
  return (
    <Sheet title={t("pick.qty_title", { most })} onClose={onClose}>
      <output class="huge">{value.value || "–"}</output>
      <NumberPad onKey={(key) => { value.value = padded(value.value, key, 5); }} />
      <Button kind="main" big icon="ok" disabled={!value.value} onClick={() => { onClose(); void act({ type: "qty", qty: Number(value.value) }); }}>{t("ui.ok")}</Button>
    </Sheet>
  );
}

function MoreSheet({ state, onClose, onType }: { state: PickState; onClose: () => void; onType: () => void }): JSX.Element {
  const run = (input: Parameters<typeof act>[0]) => (): void => { onClose(); void act(input); };
  return (
    <Sheet title={t("pick.more")} onClose={onClose}>
      <div class="stack">
        <Button big icon="keyboard" onClick={onType}>{t("pick.type_code")}</Button>
        <CameraButton />
        <Button big icon="pause" onClick={run({ type: "suspend" })}>{t("pick.suspend")}</Button>
        {state.task.put_backs.map((put) => (
          <Button key={`${put.order_id}-${put.line_id}`} big icon="undo" onClick={run({ type: "put_back", order_id: put.order_id, line_id: put.line_id })}>{t("pick.put_back_now", { qty: put.qty, location: put.location_code })}</Button>
        ))}
        <h3>{t("pick.tote_full")}</h3>
        <div class="slots">
          {state.task.totes.filter((tote) => tote.lpn).map((tote) => (
            <button type="button" class="button" key={tote.slot_no} onClick={run({ type: "rebind", slot_no: tote.slot_no })}><Slot no={tote.slot_no} /><span dir="ltr">{tote.lpn}</span></button>
          ))}
        </div>
      </div>
    </Sheet>
  );
}

function AfterWork({ state, now }: { state: PickState; now: Expect }): JSX.Element {
  const problem = useSignal<unknown>(null);
  const busy = useSignal(false);
  const run = async (work: () => Promise<unknown>): Promise<void> => {
    busy.value = true;
    problem.value = null;
    await work().catch((error: unknown) => { problem.value = error; });
    busy.value = false;
  };
  const next = async (): Promise<void> => { if (!(await claimNext())) close(); };
  return (
    <footer class="pick-actions">
      <Trouble problem={problem.value} />
      {now.step === "suspended" && state.task.picker_id === state.me && <Button kind="main" big icon="play" onClick={() => void act({ type: "resume" })}>{t("pick.resume")}</Button>}
      {now.step === "suspended" && state.task.picker_id !== state.me && <Button kind="main" big icon="user" disabled={busy.value} onClick={() => void run(() => claimTask(state.task.id, "take-over"))}>{t("pick.take_over")}</Button>}
      {now.step === "not_mine" && may("supervise") && <Button kind="main" big icon="user" disabled={busy.value} onClick={() => void run(() => claimTask(state.task.id, "take-over"))}>{t("pick.take_over")}</Button>}
      {now.step === "over" && <Button kind="main" big icon="next" disabled={busy.value} onClick={() => void run(next)}>{t("pick.next_task")}</Button>}
      <Button big icon="list" onClick={close}>{t("pick.tasks")}</Button>
    </footer>
  );
}

export function Actions({ state, now }: { state: PickState; now: Expect }): JSX.Element {
  const shown = useSignal<Shown>(null);
  if (now.step === "over" || now.step === "suspended" || now.step === "not_mine") return <AfterWork state={state} now={now} />;
  const hide = (): void => { shown.value = null; };
  const canConfirm = now.step === "qty" || now.step === "put_qty" || now.step === "finish" || (now.step === "lot" && now.line.lot !== null) || (now.step === "each" && state.focus.scans.length > 0 && state.task.mode === "discrete");
  const most = now.step === "put_qty" ? now.put.qty : "need" in now ? now.need : 0;
  const canCount = !state.task.scan_each && most > 1 && (now.step === "qty" || now.step === "tote" || now.step === "put_qty");
  const onLine = "split" in now;
  return (
    <footer class="pick-actions">
      {(canConfirm || canCount) && (
        <div class="pair">
          {canCount && <Button big icon="keyboard" onClick={() => { shown.value = "qty"; }}>{t("pick.other_qty")}</Button>}
          {canConfirm && <Button kind="main" big icon="ok" onClick={() => void act({ type: "confirm" })}>{t(`pick.confirm.${now.step}`)}</Button>}
        </div>
      )}
      <div class="tools">
        <Button icon="undo" onClick={() => void act({ type: "undo" })}>{t("pick.undo")}</Button>
        <Button icon="skip" disabled={!onLine} onClick={() => void act({ type: "skip" })}>{t("pick.skip")}</Button>
        <Button icon="short" disabled={!onLine} onClick={() => { shown.value = "short"; }}>{t("pick.short")}</Button>
        <Button icon="more" onClick={() => { shown.value = "more"; }}>{t("pick.more")}</Button>
      </div>
      {shown.value === "short" && <ShortSheet onClose={hide} />}
      {shown.value === "more" && <MoreSheet state={state} onClose={hide} onType={() => { shown.value = "type"; }} />}
      {shown.value === "type" && <TypeSheet onClose={hide} />}
      {shown.value === "qty" && <QtySheet most={most} onClose={hide} />}
    </footer>
  );
}
