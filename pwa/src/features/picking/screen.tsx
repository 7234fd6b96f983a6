import "./picking.css";
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { onKey } from "../../scanner/keys.ts";
import { onScan } from "../../scanner/wedge.ts";
import { QueueLight } from "../attention/light.tsx";
import { Icon } from "../../ui/icons.tsx";
import { Bar, Button } from "../../ui/parts.tsx";
import { progress } from "./expect.ts";
import { Actions } from "./actions.tsx";
import { Says, StepView } from "./parts.tsx";
import { RouteMap } from "./route-map.tsx";
import { TaskList } from "./list.tsx";
import { act, asked, close, current, resumeWork } from "./store.ts";

function useHands(): void {
  useEffect(() => {
    const stopScan = onScan((text) => void act({ type: "scan", text }));
    const stopKeys = onKey((deed) => void act(deed === "next" ? { type: "skip" } : { type: deed }));
    return () => { stopScan(); stopKeys(); };
  }, []);
}

function useAwake(): void {
  useEffect(() => {
    let lock: WakeLockSentinel | null = null;
    const hold = (): void => {
      if (document.visibilityState === "visible") navigator.wakeLock?.request("screen").then((got) => { lock = got; }, () => undefined);
    };
    hold();
    document.addEventListener("visibilitychange", hold);
    return () => { document.removeEventListener("visibilitychange", hold); void lock?.release(); };
  }, []);
}

function Working(): JSX.Element | null {
  useHands();
  useAwake();
  const mapShown = useSignal(false);
  const state = current.value;
  const now = asked.value;
  if (!state || !now) return null;
  const { done, all } = progress(state.task);
  return (
    <main class="pick">
      <header class="pick-top">
        <Button kind="quiet" icon="list" onClick={close}>{t("pick.tasks")}</Button>
        <div class="pick-progress"><strong>{t("pick.progress", { done, all })}</strong><Bar done={done} all={all} label={t("pick.progress_label")} /></div>
        <button type="button" class="button quiet" onClick={() => { mapShown.value = true; }} aria-label={t("pick.map")}><Icon name="map" size={28} /></button>
        <QueueLight />
      </header>
      <Says />
      <StepView state={state} now={now} />
      <Actions state={state} now={now} />
      {mapShown.value && <RouteMap state={state} now={now} onClose={() => { mapShown.value = false; }} />}
    </main>
  );
}

export function PickScreen(): JSX.Element {
  useEffect(() => { void resumeWork().catch(() => undefined); }, []);
  return current.value ? <Working /> : <TaskList />;
}
