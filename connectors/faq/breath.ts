/** Long work shares the event loop: turns go on while the classifier learns. */

/** Tell it what was done, in multiply-adds or the like; now and then it lets everybody else run. */
export type Breathe = (work: number) => Promise<void>

/** Work between two breaths: a few milliseconds. */
const slice = 2_000_000

export function breather(): Breathe {
  let done = 0
  return async (work) => {
    done += work
    if (done < slice) return
    done = 0
    await new Promise((resolve) => setImmediate(resolve))
  }
}
