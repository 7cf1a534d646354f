type Listener = () => void;

const listeners = new Set<Listener>();

/** Tells this process that events have been committed. Only a hint that saves waiting: the dispatchers also poll. */
export function announce(): void {
  for (const listener of listeners) listener();
}

export function onAnnounce(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
