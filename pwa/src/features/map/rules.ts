/** The map as it is drawn, from the compact arrays of the server. Pure. */
import type { MapOut } from "../../api/types.ts";

export interface Bin { id: number; code: string; zone_id: number | null; aisle_id: number | null; x: number; y: number; floor: number; level: number; side: string; blocked: boolean }

export function binsOf(map: MapOut, floor: number): Bin[] {
  const at = Object.fromEntries(map.bin_columns.map((name, index) => [name, index]));
  const read = (row: MapOut["bins"][number], name: string): string | number | boolean | null => row[at[name] ?? -1] ?? null;
  return map.bins
    .map((row) => ({
      id: Number(read(row, "id")),
      code: String(read(row, "code")),
      zone_id: read(row, "zone_id") as number | null,
      aisle_id: read(row, "aisle_id") as number | null,
      x: Number(read(row, "x_mm")),
      y: Number(read(row, "y_mm")),
      floor: Number(read(row, "floor")),
      level: Number(read(row, "level") ?? 0),
      side: String(read(row, "side") ?? ""),
      blocked: read(row, "blocked") === true,
    }))
    .filter((bin) => bin.floor === floor);
}

/** Bins one above the other share a place on the floor plan. */
export interface Face { key: string; x: number; y: number; side: string; bins: Bin[]; blocked: boolean }

export function facesOf(bins: Bin[]): Face[] {
  const faces = new Map<string, Face>();
  for (const bin of bins) {
    const key = `${bin.x}/${bin.y}/${bin.side}`;
    const face = faces.get(key) ?? { key, x: bin.x, y: bin.y, side: bin.side, bins: [], blocked: true };
    face.bins.push(bin);
    face.blocked &&= bin.blocked;
    faces.set(key, face);
  }
  return [...faces.values()];
}

export interface Frame { left: number; top: number; width: number; height: number; unit: number }

export function frameOf(points: { x: number; y: number }[]): Frame {
  if (points.length === 0) return { left: 0, top: 0, width: 1000, height: 1000, unit: 10 };
  const left = Math.min(...points.map((one) => one.x));
  const top = Math.min(...points.map((one) => one.y));
  const width = Math.max(...points.map((one) => one.x)) - left || 1000;
  const height = Math.max(...points.map((one) => one.y)) - top || 1000;
  const unit = Math.max(width, height) / 200;
  return { left: left - 8 * unit, top: top - 8 * unit, width: width + 16 * unit, height: height + 16 * unit, unit };
}
