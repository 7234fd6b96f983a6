// Draws the PNG icons of public/icons/icon.svg without an image library: bars and two waves, 4x4 supersampled.
import { writeFileSync } from "node:fs";
import { deflateSync } from "node:zlib";

const BARS = [[116, 28], [164, 14], [198, 40], [258, 14], [292, 28], [340, 14], [374, 22]];
const WAVES = [[330, [63, 208, 201]], [398, [255, 176, 0]]];

/** The wave of the SVG: quadratic curves of 88 units, half above and half below its line. */
function nearWave(x, y, base) {
  if (x < 80 || x > 432) {
    const edge = x < 80 ? 80 : 432;
    return (x - edge) ** 2 + (y - base) ** 2 <= 225;
  }
  const t = ((x - 80) % 88) / 88;
  const up = Math.floor((x - 80) / 88) % 2 === 0 ? -1 : 1;
  return Math.abs(y - (base + up * 88 * t * (1 - t))) <= 16;
}

function colour(x, y, round) {
  if (round) {
    const dx = Math.max(96 - x, x - 416, 0);
    const dy = Math.max(96 - y, y - 416, 0);
    if (dx * dx + dy * dy > 96 * 96) return [0, 0, 0, 0];
  }
  if (y >= 112 && y < 262 && BARS.some(([left, width]) => x >= left && x < left + width)) return [255, 255, 255, 255];
  for (const [base, rgb] of WAVES) if (nearWave(x, y, base)) return [...rgb, 255];
  return [6, 54, 63, 255];
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  let crc = ~0;
  for (const byte of body) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  out.writeUInt32BE(~crc >>> 0, body.length + 4);
  return out;
}

function png(size, { round, zoom = 1 }) {
  const rows = Buffer.alloc(size * (size * 4 + 1));
  const fine = 4;
  for (let py = 0; py < size; py++) {
    for (let px = 0; px < size; px++) {
      const sum = [0, 0, 0, 0];
      for (let i = 0; i < fine * fine; i++) {
        const x = ((px + ((i % fine) + 0.5) / fine) / size) * 512;
        const y = ((py + (Math.floor(i / fine) + 0.5) / fine) / size) * 512;
        const got = colour((x - 256) / zoom + 256, (y - 256) / zoom + 256, round);
        got.forEach((value, at) => (sum[at] += at < 3 ? value * (got[3] / 255) : value));
      }
      const alpha = sum[3] / (fine * fine);
      const at = py * (size * 4 + 1) + 1 + px * 4;
      for (let c = 0; c < 3; c++) rows[at + c] = alpha ? Math.round(sum[c] / (sum[3] / 255)) : 0;
      rows[at + 3] = Math.round(alpha);
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(size, 0);
  head.writeUInt32BE(size, 4);
  head.set([8, 6, 0, 0, 0], 8);
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  return Buffer.concat([signature, chunk("IHDR", head), chunk("IDAT", deflateSync(rows, { level: 9 })), chunk("IEND", Buffer.alloc(0))]);
}

const folder = new URL("../public/icons/", import.meta.url);
writeFileSync(new URL("icon-192.png", folder), png(192, { round: true }));
writeFileSync(new URL("icon-512.png", folder), png(512, { round: true }));
writeFileSync(new URL("icon-maskable-512.png", folder), png(512, { round: false, zoom: 0.78 }));
