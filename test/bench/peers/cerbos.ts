import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type Clinic, kindOf, kinds, type Person, type Request, verbOf, verbs } from '../clinic/model.ts';
import type { World } from '../clinic/world.ts';
import { requirePeer } from '../project.ts';
import type { Engine } from '../rounds.ts';

/** As many as one call of Cerbos takes. */
const batch = 50;

/**
 * The server on this machine, over one kept-alive connection. A call asks about up to 50 requests of one user, the way
 * Cerbos is quickest; preparing and sorting the calls is not timed, packing and reading JSON is.
 */
export async function cerbosEngine({ clinic, requests }: World, folder: string): Promise<readonly Engine[]> {
  const server = await startCerbos(clinic, join(folder, 'cerbos'));
  const calls = makeCalls(requests);
  return [
    {
      name: 'cerbos',
      async answer(from, to, out) {
        // A part of the requests is a part of the batches.
        const first = Math.floor((from / requests.length) * calls.length);
        const last = Math.ceil((to / requests.length) * calls.length);
        let answered = 0;
        for (const { body, places, asked } of calls.slice(first, last)) {
          const { results } = (await server.post(body)) as Results;
          places.forEach((place, index) => {
            out[place] = results[index]?.actions[asked[index] as string] === 'EFFECT_ALLOW' ? 1 : 0;
          });
          answered += places.length;
        }
        return answered;
      },
      close: server.stop,
    },
  ];
}

interface Results {
  readonly results: readonly { readonly actions: Readonly<Record<string, string>> }[];
}

function makeCalls(requests: readonly Request[]) {
  const ofUser = new Map<Person, (Request & { readonly place: number })[]>();
  requests.forEach((one, place) => {
    const own = ofUser.get(one.user) ?? [];
    ofUser.set(one.user, [...own, { ...one, place }]);
  });
  return [...ofUser].flatMap(([user, own]) =>
    Array.from({ length: Math.ceil(own.length / batch) }, (_, index) => {
      const part = own.slice(index * batch, (index + 1) * batch);
      return {
        places: part.map(({ place }) => place),
        asked: part.map(({ action }) => verbOf(action)),
        body: {
          principal: { id: user.id, roles: user.roles, attr: { practitioner: user.practitioner, tags: user.tags } },
          resources: part.map(({ action, resource: { id, owner, assigned, client, protected: isProtected } }) => ({
            actions: [verbOf(action)],
            resource: {
              kind: kindOf(action),
              id,
              attr: { owner, assigned, tags: client.tags, protected: isProtected },
            },
          })),
        },
      };
    }),
  );
}

function writeCerbos({ roles, prohibited, owner }: Clinic, folder: string): void {
  const related =
    'R.attr.owner == P.attr.practitioner || hasIntersection(R.attr.tags, P.attr.tags) || P.id in R.attr.assigned';
  const when = (expr: string) => `      condition: { match: { expr: ${JSON.stringify(expr)} } }\n`;
  const rule = (verb: string, effect: string, names: readonly string[]) =>
    `    - actions: [${verb}]\n      effect: EFFECT_${effect}\n      roles: [${names.map((name) => `"${name}"`)}]\n`;
  mkdirSync(folder, { recursive: true });
  for (const kind of kinds) {
    const rules = verbs.flatMap((verb) => {
      const action = `${kind}.${verb}`;
      const always = roles.filter((role) => role.always.includes(action)).map(({ name }) => name);
      const sometimes = roles.filter((role) => role.related.includes(action)).map(({ name }) => name);
      return [
        always.length > 0 ? rule(verb, 'ALLOW', always) : '',
        sometimes.length > 0 ? rule(verb, 'ALLOW', sometimes) + when(related) : '',
        action === prohibited ? rule(verb, 'DENY', ['*']) + when(`R.attr.protected && !("${owner}" in P.roles)`) : '',
      ];
    });
    const head = `apiVersion: api.cerbos.dev/v1\nresourcePolicy:\n  resource: ${kind}\n  version: default\n  rules:\n`;
    writeFileSync(join(folder, `${kind}.yaml`), head + rules.join(''));
  }
}

interface Server {
  post(body: unknown): Promise<unknown>;
  stop(): Promise<void>;
}

async function startCerbos(clinic: Clinic, folder: string): Promise<Server> {
  const policies = join(folder, 'policies');
  writeCerbos(clinic, policies);
  const [http, grpc] = [await freePort(), await freePort()];
  const config = {
    server: {
      httpListenAddr: `127.0.0.1:${http}`,
      grpcListenAddr: `127.0.0.1:${grpc}`,
      requestLimits: { maxActionsPerResource: batch, maxResourcesPerRequest: batch },
    },
    storage: { driver: 'disk', disk: { directory: policies, watchForChanges: false } },
    telemetry: { disabled: true },
    audit: { enabled: false },
  };
  const file = join(folder, 'config.json');
  writeFileSync(file, JSON.stringify(config));
  const child = spawn(binary(), ['server', `--config=${file}`, '--log-level=error'], { stdio: 'ignore' });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  await untilHealthy(child, http, agent);
  return {
    post: (body) => send(agent, http, '/api/check/resources', JSON.stringify(body)),
    async stop() {
      agent.destroy();
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function binary(): string {
  const name = `@cerbos/cerbos-${process.platform}-${process.arch}`;
  try {
    return requirePeer.resolve(`${name}/cerbos-${process.platform}-${process.arch}`);
  } catch {
    throw new Error(`Cerbos: there is no package ${name} beside the benchmark`);
  }
}

async function untilHealthy(child: ChildProcess, port: number, agent: Agent): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (child.exitCode !== null) break;
    try {
      await send(agent, port, '/_cerbos/health', null);
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  child.kill();
  throw new Error('Cerbos: the server does not start');
}

function send(agent: Agent, port: number, path: string, body: string | null): Promise<unknown> {
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body ?? '') };
  return new Promise((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port, agent, path, method: body === null ? 'GET' : 'POST', headers });
    call.on('error', reject);
    call.on('response', (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('error', reject);
      answer.on('end', () => {
        const text = Buffer.concat(parts).toString();
        if (answer.statusCode === 200) resolve(JSON.parse(text));
        else reject(new Error(`Cerbos answers ${answer.statusCode}: ${text.slice(0, 200)}`));
      });
    });
    call.end(body ?? undefined);
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
