import { useSignal } from "@preact/signals";
import type { ComponentType, JSX } from "preact";
import { t } from "../i18n/index.ts";
import { Button, Note } from "../ui/parts.tsx";

/** Opens the camera; its code (and the barcode reader) is loaded only then. Says in plain words why it cannot. */
export function CameraButton({ label }: { label?: string }): JSX.Element {
  const shown = useSignal<ComponentType<{ onClose: () => void }> | null>(null);
  const why = useSignal<string | null>(null);
  const open = async (): Promise<void> => {
    if (!window.isSecureContext || !navigator.mediaDevices) {
      why.value = "camera.needs_https";
      return;
    }
    try {
      shown.value = (await import("./camera.tsx")).Camera;
    } catch {
      why.value = "camera.not_loaded";
    }
  };
  const Camera = shown.value;
  return (
    <>
      <Button icon="camera" onClick={() => void open()}>{label ?? t("camera.open")}</Button>
      {why.value && <Note tone="info">{t(why.value)}</Note>}
      {Camera && <Camera onClose={() => { shown.value = null; }} />}
    </>
  );
}
