import { uuid7 } from "../rules/uuid7.ts";

/** `crypto.randomUUID` needs HTTPS, `getRandomValues` does not. */
export const newId = (): string => uuid7(Date.now(), crypto.getRandomValues(new Uint8Array(10)));
