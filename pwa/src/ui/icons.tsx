import type { JSX } from "preact";

/** 24×24 line icons of our own. Never alone: a word stands beside every one of them. */
const SHAPES: Record<string, string> = {
  ok: "M4 12.5 10 18 20 6",
  warn: "M12 3 2.5 20h19L12 3Zm0 6v5m0 3v.5",
  stop: "M8 2.5h8L21.5 8v8L16 21.5H8L2.5 16V8L8 2.5Zm0 5.5 8 8m0-8-8 8",
  info: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm0 7.5V17m0-10v.5",
  bin: "M3 8h18M4 8l1.5 12h13L20 8M8 12h8M7 4h10l2 4H5l2-4Z",
  scan: "M3 8V4h4M17 4h4v4M21 16v4h-4M7 20H3v-4M7 8v8M10.5 8v8M14 8v8M17 8v8",
  tote: "M4 9h16l-1.5 11h-13L4 9Zm3 0a5 5 0 0 1 10 0",
  undo: "M9 5 4 10l5 5M4 10h10a6 6 0 0 1 0 12h-3",
  skip: "M5 5l8 7-8 7V5Zm11 0v14",
  short: "M4 7h16v13H4V7Zm0 0 3-4h10l3 4M8 13.5h8",
  pause: "M8 5v14M16 5v14",
  play: "M7 4.5 19 12 7 19.5v-15Z",
  camera: "M4 7h4l2-3h4l2 3h4v12H4V7Zm8 2.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7Z",
  keyboard: "M3 6h18v12H3V6Zm3 4h.5M10 10h.5M14 10h.5M17.5 10h.5M7 14h10",
  list: "M8 6h13M8 12h13M8 18h13M3.5 6h.5M3.5 12h.5M3.5 18h.5",
  map: "M3 6l6-2 6 2 6-2v14l-6 2-6-2-6 2V6Zm6-2v14m6-12v14",
  online: "M4 17a12 12 0 0 1 16 0M7.5 13a7.5 7.5 0 0 1 9 0M1 10a16.5 16.5 0 0 1 22 0M12 20v.5",
  offline: "M4 17a12 12 0 0 1 16 0M12 20v.5M3 3l18 18",
  back: "M14 5l-7 7 7 7",
  next: "M10 5l7 7-7 7",
  more: "M5 12h.5M12 12h.5M18.5 12h.5",
  user: "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM4 21a8 8 0 0 1 16 0",
  badge: "M5 4h14v16H5V4Zm7 4a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5ZM8 17.5a4 4 0 0 1 8 0M10 2.5h4V5h-4V2.5Z",
  wave: "M2 10q3-4 6 0t6 0 6 0M2 16q3-4 6 0t6 0 6 0",
  board: "M3 4h18v13H3V4Zm5 17h8M12 17v4M7 13V9m5 4V7m5 6v-3",
  order: "M6 3h9l4 4v14H6V3Zm9 0v4h4M9 11h7M9 15h7",
  stock: "M3 8l9-5 9 5v9l-9 5-9-5V8Zm0 0 9 5 9-5m-9 5v9",
  people: "M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7ZM2 20a7 7 0 0 1 14 0m0-14.5a3.5 3.5 0 0 1 0 6.5m2 2.5a7 7 0 0 1 4 5.5",
  device: "M7 2h10v20H7V2Zm4 17h2M10 7h4",
  torch: "M8 3h8v4l-2 3v11h-4V10L8 7V3Zm0 4h8",
  close: "M5 5l14 14M19 5 5 19",
  truth: "M12 2.5 4 6v6c0 5 3.5 8 8 9.5 4.5-1.5 8-4.5 8-9.5V6l-8-3.5ZM8 12l3 3 5-6",
  late: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm0 4v5l4 2.5",
  queue: "M4 6h16M4 12h10M4 18h6m6-3v6m0 0 3-3m-3 3-3-3",
};

export function Icon({ name, size = 24 }: { name: string; size?: number }): JSX.Element {
  const filled = name === "more";
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false" data-flip={name === "back" || name === "next" || name === "undo" || name === "skip" ? "" : undefined}>
      <path d={SHAPES[name] ?? SHAPES.info} fill="none" stroke="currentColor" stroke-width={filled ? 3 : 2.2} stroke-linecap="round" stroke-linejoin="round" />
    </svg>
  );
}

/** Tote slots differ by colour AND shape AND number: readable in any light and by the colour-blind. */
const SLOT_SHAPES = ["M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20Z", "M3 3h18v18H3Z", "M12 1.5 23 21.5H1Z", "M12 1 23 12 12 23 1 12Z", "M7 2.5h10L22.5 12 17 21.5H7L1.5 12Z", "M12 1.5 23 9.5 19 22H5L1 9.5Z"];
const SLOT_COLOURS = ["#0b4fc4", "#a61b29", "#0a6b3d", "#7a3db8", "#8a4b00", "#006a78", "#3d3d3d", "#b0105f"];

export function Slot({ no, size = 56 }: { no: number; size?: number }): JSX.Element {
  const at = (no - 1 + SLOT_SHAPES.length * 100) % SLOT_SHAPES.length;
  const triangle = at === 2;
  return (
    <svg class="slot" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={SLOT_SHAPES[at]} fill={SLOT_COLOURS[(no - 1 + SLOT_COLOURS.length * 100) % SLOT_COLOURS.length]} />
      <text x="12" y={triangle ? 18.5 : 16.5} text-anchor="middle" font-size={triangle ? 10.5 : 13} font-weight="800" fill="#fff">{no}</text>
    </svg>
  );
}
