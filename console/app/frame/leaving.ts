/** What has to be done while one is still signed in, before one is not. */
const tasks = new Set<() => Promise<unknown>>()

/** Returns how to take it back. */
export function beforeLeaving(task: () => Promise<unknown>): () => void {
  tasks.add(task)
  return () => tasks.delete(task)
}

/** What fails keeps nobody from leaving. */
export const leave = (): Promise<unknown> => Promise.allSettled([...tasks].map((task) => task()))
