import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { isIP } from "node:net";

/** A certificate and its private key, as PEM. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

/** What a test wants its certificate to say. */
export interface CertificateOptions {
  readonly name: string;
  /** Host names and addresses it is for. */
  readonly hosts?: readonly string[];
  /** Who signs it; default: it signs itself. */
  readonly issuer?: Certificate & { readonly name: string };
  /** Whether it may sign others. */
  readonly isAuthority?: boolean;
  /** Default: a year ago, and in a year. */
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

const YEAR_MS = 365 * 24 * 3_600_000;

/**
 * Makes an X.509 certificate with an elliptic curve key. Node has no call for it, and openssl is not everywhere.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5280#section-4.1
 */
export function makeCertificate(options: CertificateOptions): Certificate & { readonly name: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const issuer = options.issuer ?? { name: options.name, key: privateKey };
  const body = sequence(
    context(0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ecdsaWithSha256,
    commonName(issuer.name),
    sequence(
      time(options.notBefore ?? new Date(Date.now() - YEAR_MS)),
      time(options.notAfter ?? new Date(Date.now() + YEAR_MS)),
    ),
    commonName(options.name),
    publicKey.export({ type: "spki", format: "der" }),
    context(3, extensions(options)),
  );
  const signature = sign("sha256", body, issuer.key);
  const der = sequence(body, ecdsaWithSha256, bitString(signature));
  return {
    name: options.name,
    certificate: `-----BEGIN CERTIFICATE-----\n${der.toString("base64").replaceAll(/.{64}/g, "$&\n")}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: "pkcs8", format: "pem" }) as string,
  };
}

function extensions({ hosts = [], isAuthority = false }: CertificateOptions): Buffer {
  const basicConstraints = sequence(
    oid("551d13"),
    octetString(isAuthority ? sequence(tlv(0x01, Buffer.from([255]))) : sequence()),
  );
  const names = hosts.map((host) =>
    isIP(host) === 4 ? tlv(0x87, Buffer.from(host.split(".").map(Number))) : tlv(0x82, Buffer.from(host)),
  );
  const altNames = sequence(oid("551d11"), octetString(sequence(...names)));
  return sequence(basicConstraints, ...(names.length > 0 ? [altNames] : []));
}

function commonName(name: string): Buffer {
  return sequence(tlv(0x31, sequence(oid("550403"), tlv(0x0c, Buffer.from(name)))));
}

function time(date: Date): Buffer {
  const digits = date.toISOString().replaceAll(/[-:T]|\.\d+/g, "");
  return date.getUTCFullYear() < 2050
    ? tlv(0x17, Buffer.from(digits.slice(2)))
    : tlv(0x18, Buffer.from(digits));
}

function tlv(tag: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const { length } = body;
  const head = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...head]), body]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tlv(0x30, ...parts);
}

function context(number: number, part: Buffer): Buffer {
  return tlv(0xa0 + number, part);
}

function integer(value: Buffer): Buffer {
  return tlv(0x02, value);
}

function oid(hex: string): Buffer {
  return tlv(0x06, Buffer.from(hex, "hex"));
}

function octetString(part: Buffer): Buffer {
  return tlv(0x04, part);
}

function bitString(bytes: Buffer): Buffer {
  return tlv(0x03, Buffer.from([0]), bytes);
}

const ecdsaWithSha256 = sequence(oid("2a8648ce3d040302"));
