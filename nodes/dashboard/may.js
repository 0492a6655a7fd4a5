// What the role of whoever looks may do. A server that asks nobody allows all;
// where it asks, it refuses by itself, and this only hides what it would refuse.
import { state } from './store.js';

function role() {
  const { session } = state;
  return session && (session.needsToken || session.role !== 'none') ? session.role : 'admin';
}

export const mayWrite = () => ['operator', 'admin'].includes(role());
export const mayHarm = () => role() === 'admin';

/** Shows its children to those who may change things. */
export const Writes = ({ children }) => (mayWrite() ? children : null);
