import { setPriority } from 'node:os'
import { isMainThread } from 'node:worker_threads'

const BEHIND = 5

/**
 * Imported by modules that run in worker threads: on a machine with few cores the thread that answers goes before those that hash.
 * On Linux a priority is a thread's own; elsewhere it would be the whole process's, so there it is left alone.
 */
if (!isMainThread && process.platform === 'linux') setPriority(BEHIND)
