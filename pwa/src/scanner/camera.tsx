/**
 * Scanning with the camera: the browser's own BarcodeDetector where there is one, else zxing in wasm served by us.
 * Only a band of the picture is read (a whole 1280×720 frame takes 410 ms on a slow handheld).
 */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../i18n/index.ts";
import { Button, Note, Sheet } from "../ui/parts.tsx";
import { deliver } from "./wedge.ts";

interface Detector { detect: (source: HTMLCanvasElement) => Promise<{ rawValue: string }[]> }

const FORMATS = ["code_128", "code_39", "ean_13", "ean_8", "upc_a", "upc_e", "itf", "qr_code", "data_matrix"];
/** Pixels of the picture that are read, unscaled: narrow bars do not survive shrinking. */
const BAND = { width: 1024, height: 320 };

async function detector(): Promise<Detector> {
  const native = (globalThis as { BarcodeDetector?: { new (options: { formats: string[] }): Detector; getSupportedFormats: () => Promise<string[]> } }).BarcodeDetector;
  if (native) {
    const formats = (await native.getSupportedFormats()).filter((one) => FORMATS.includes(one));
    if (formats.length >= 4) return new native({ formats });
  }
  const { BarcodeDetector, prepareZXingModule } = await import("barcode-detector/ponyfill");
  await prepareZXingModule({ overrides: { locateFile: () => "/assets/zxing_reader.wasm" }, fireImmediately: true });
  return new BarcodeDetector({ formats: FORMATS as never[] });
}

/** The middle of the picture, in the shape of a label. */
function drawBand(video: HTMLVideoElement, canvas: HTMLCanvasElement): void {
  const width = Math.min(video.videoWidth, BAND.width);
  const height = Math.min(video.videoHeight, BAND.height);
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context?.drawImage(video, (video.videoWidth - width) / 2, (video.videoHeight - height) / 2, width, height, 0, 0, width, height);
}

export function Camera({ onClose }: { onClose: () => void }): JSX.Element {
  const video = useRef<HTMLVideoElement>(null);
  const trouble = useSignal<string | null>(null);
  const torch = useSignal<{ track: MediaStreamTrack; on: boolean } | null>(null);

  useEffect(() => {
    let going = true;
    let stream: MediaStream | null = null;
    const canvas = Object.assign(document.createElement("canvas"), BAND);

    async function run(): Promise<void> {
      const reader = detector();
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } } });
      if (!going || !video.current) { stream.getTracks().forEach((track) => track.stop()); return; }
      video.current.srcObject = stream;
      await video.current.play();
      const track = stream.getVideoTracks()[0];
      const abilities = track?.getCapabilities?.() as { torch?: boolean } | undefined;
      if (track && abilities?.torch) torch.value = { track, on: false };
      const read = await reader;
      while (going) {
        if (video.current && video.current.videoWidth > 0) {
          drawBand(video.current, canvas);
          const found = (await read.detect(canvas))[0];
          if (found && going) {
            onClose();
            deliver(found.rawValue);
            return;
          }
        }
        await new Promise((done) => setTimeout(done, 80));
      }
    }
    run().catch((error: unknown) => {
      const name = error instanceof DOMException ? error.name : "";
      trouble.value = name === "NotAllowedError" ? "camera.not_allowed" : name === "NotFoundError" ? "camera.none" : "camera.failed";
    });
    return () => {
      going = false;
      stream?.getTracks().forEach((track) => track.stop());
    };
  }, []);

  const light = (): void => {
    const now = torch.value;
    if (!now) return;
    void now.track.applyConstraints({ advanced: [{ torch: !now.on } as MediaTrackConstraintSet] });
    torch.value = { ...now, on: !now.on };
  };

  return (
    <Sheet title={t("camera.title")} onClose={onClose}>
      {trouble.value ? <Note tone="warn">{t(trouble.value)}</Note> : (
        <div class="viewfinder">
          <video ref={video} muted playsInline />
          <div class="band" />
        </div>
      )}
      <p class="hint">{t("camera.hint")}</p>
      {torch.value && <Button icon="torch" big onClick={light}>{t(torch.value.on ? "camera.torch_off" : "camera.torch_on")}</Button>}
    </Sheet>
  );
}
