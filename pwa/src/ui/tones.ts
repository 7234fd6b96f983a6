/** Three tones that differ in pitch, number and length, and three vibrations: known apart without looking, and by the deaf. */
import { signal } from "@preact/signals";
import type { Tone } from "../api/types.ts";

interface Beep { hz: number; at: number; ms: number; shape: OscillatorType }

const TONES: Record<Tone, Beep[]> = {
  ok: [{ hz: 1568, at: 0, ms: 90, shape: "sine" }],
  warn: [{ hz: 740, at: 0, ms: 130, shape: "triangle" }, { hz: 740, at: 190, ms: 130, shape: "triangle" }],
  stop: [{ hz: 311, at: 0, ms: 220, shape: "square" }, { hz: 233, at: 240, ms: 220, shape: "square" }, { hz: 175, at: 480, ms: 380, shape: "square" }],
};
const BUZZ: Record<Tone, number[]> = { ok: [40], warn: [90, 70, 90], stop: [350, 80, 350] };

export const volume = signal(1);
let audio: AudioContext | null = null;

/** Browsers keep sound off until the first touch or key. */
export function startTones(): void {
  const wake = (): void => {
    audio ??= typeof AudioContext === "undefined" ? null : new AudioContext();
    if (audio?.state === "suspended") void audio.resume();
  };
  addEventListener("pointerdown", wake, { capture: true });
  addEventListener("keydown", wake, { capture: true });
}

export function sound(tone: Tone): void {
  navigator.vibrate?.(BUZZ[tone]);
  if (!audio || audio.state !== "running") return;
  for (const beep of TONES[tone]) {
    const from = audio.currentTime + beep.at / 1000;
    const oscillator = audio.createOscillator();
    const gain = audio.createGain();
    oscillator.type = beep.shape;
    oscillator.frequency.value = beep.hz;
    gain.gain.setValueAtTime(0, from);
    gain.gain.linearRampToValueAtTime(0.6 * volume.value, from + 0.008);
    gain.gain.setValueAtTime(0.6 * volume.value, from + beep.ms / 1000 - 0.02);
    gain.gain.linearRampToValueAtTime(0, from + beep.ms / 1000);
    oscillator.connect(gain).connect(audio.destination);
    oscillator.start(from);
    oscillator.stop(from + beep.ms / 1000 + 0.02);
  }
}
