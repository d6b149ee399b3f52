import { NotWritableError } from "./errors.ts";

/**
 * Writes a file or makes a folder.
 *
 * @param path - as shown to people
 * @throws NotWritableError E_NOT_WRITABLE where the operating system refuses
 */
export function writing<T>(path: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (!(error instanceof Error && "syscall" in error && "code" in error)) throw error;
    throw new NotWritableError(path, String(error.code), error);
  }
}
