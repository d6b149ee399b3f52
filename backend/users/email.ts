import { domainToASCII } from "node:url";
import { refused, type Checked } from "./checked.ts";

/** An address that mail can be sent to, in its two forms. */
export interface Email {
  /** As typed, trimmed, in NFC. */
  readonly typed: string;
  /** What two addresses of one person have in common: lower case, the domain in ASCII (punycode). */
  readonly normalized: string;
}

/** The longest address that SMTP can carry, in bytes (RFC 5321, 4.5.3.1.3, less the two angle brackets). */
export const EMAIL_MAX_LENGTH = 254;
const LOCAL_PART_MAX_LENGTH = 64;
const DOMAIN_MAX_LENGTH = 253;

/** Words with single dots between them: RFC 5321's Dot-string, and RFC 6531's with letters of every script. */
const LOCAL_PART = /^(?!\.)(?!.*\.\.)(?:[\w.!#$%&'*+/=?^`{|}~-]|[^\p{ASCII}\p{C}\p{Z}])+(?<!\.)$/u;
const DOMAIN = /^[\p{L}\p{M}\p{N}.-]+$/u;
const ASCII_LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * Reads an e-mail address. The rules are those of RFC 5321 and 6531 for an address with a domain name: no quoted
 * local part, no address literal, and, as in FastAPI, a domain of at least two labels.
 */
export function parseEmail(text: string): Checked<Email> {
  const typed = text.normalize("NFC").trim();
  const at = typed.lastIndexOf("@");
  if (at === -1) return notAnAddress("It must have an @-sign.");
  const localPart = typed.slice(0, at);
  if (localPart === "") return notAnAddress("There must be something before the @-sign.");
  if (byteLength(localPart) > LOCAL_PART_MAX_LENGTH) return notAnAddress("It is too long before the @-sign.");
  if (!LOCAL_PART.test(localPart)) return notAnAddress("The part before the @-sign is not valid.");
  const domain = asciiDomain(typed.slice(at + 1));
  if (domain === undefined) return notAnAddress("The part after the @-sign is not a domain name.");
  const normalized = `${localPart.toLowerCase()}@${domain}`;
  if (Math.max(byteLength(typed), byteLength(normalized)) > EMAIL_MAX_LENGTH) {
    return notAnAddress(`It is longer than ${EMAIL_MAX_LENGTH} bytes.`);
  }
  return { kind: "accepted", value: { typed, normalized } };
}

/**
 * What an address is known by, also one that a rule of today would refuse: the table holds those of an older service,
 * and the revision that took them over has normalised them so.
 */
export function normalizeEmail(text: string): string {
  const trimmed = text.normalize("NFC").trim();
  const at = trimmed.lastIndexOf("@") + 1;
  const domain = trimmed.slice(at);
  const ascii = at > 0 && DOMAIN.test(domain) ? domainToASCII(domain) : "";
  const isName = ascii !== "" && ascii.length <= DOMAIN_MAX_LENGTH;
  return trimmed.slice(0, at).toLowerCase() + (isName ? ascii : domain.toLowerCase());
}

/** The domain as DNS knows it; undefined when it cannot be the name of a mail domain. */
function asciiDomain(domain: string): string | undefined {
  // What domainToASCII takes is a URL's host: it would decode %41 and read 0x7f.1 as an address.
  if (!DOMAIN.test(domain)) return undefined;
  const ascii = domainToASCII(domain);
  const labels = ascii.split(".");
  const isName = labels.length > 1 && labels.every((label) => ASCII_LABEL.test(label));
  const isNumeric = /^\d+$/.test(labels.at(-1) ?? "");
  return isName && !isNumeric && ascii.length <= DOMAIN_MAX_LENGTH ? ascii : undefined;
}

function notAnAddress(reason: string): Checked<Email> {
  return refused("value_error", `value is not a valid email address: ${reason}`);
}

function byteLength(text: string): number {
  return Buffer.byteLength(text, "utf8");
}
