/** A question to the server outside of the socket: JSON there and back. */

/** The server has said no, in words for people. */
export class Refused extends Error {}

/** `what`: the path below `/api/`. Rejects with `Refused`. */
export async function askServer<T>(base: string, what: string, options: RequestInit): Promise<T> {
  let reply: Response;
  try {
    reply = await fetch(`${base}/api/${what}`, options);
  } catch {
    throw new Refused("the server cannot be reached");
  }
  if (reply.ok) return reply.json();
  throw new Refused(await reasonOf(reply));
}

export function post<T>(base: string, what: string, body: unknown): Promise<T> {
  return askServer(base, what, { method: "POST", body: JSON.stringify(body) });
}

async function reasonOf(reply: Response): Promise<string> {
  try {
    const answer: unknown = await reply.json();
    const reason: unknown = typeof answer === "object" && answer !== null ? Reflect.get(answer, "refused") : null;
    return typeof reason === "string" ? reason : `the server answered ${reply.status}`;
  } catch {
    return `the server answered ${reply.status}`;
  }
}
