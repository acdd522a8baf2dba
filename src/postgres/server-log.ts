/** The embedded server's log file: bounded, and read when it could not start. */
import { copyFile, readFile, stat, truncate } from 'node:fs/promises'

const MAX_BYTES = 5 * 1024 * 1024

/** Keeps one older part beside it. The server appends to the same open file, so it is emptied, never replaced. */
export async function boundLog(file: string): Promise<void> {
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  )
  if (size < MAX_BYTES) return
  await copyFile(file, `${file}.1`)
  await truncate(file)
}

/** What the server said last of what went wrong, as one line. */
export async function lastLines(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '')
  const lines = text.trim().split('\n').slice(-20)
  const wrong = lines.filter((line) => /FATAL|PANIC|error|cannot/i.test(line))
  return (wrong.length > 0 ? wrong : lines).slice(-2).join('; ') || 'it said nothing'
}
