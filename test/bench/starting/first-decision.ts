// From nothing to the first decision in a fresh process: milliseconds, those of the processor, and memory, as JSON.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { FirstRequest } from './request.ts';

/** An application's own module: it imports an engine, loads its policy, and decides. */
interface Application {
  readonly decide: (request: FirstRequest) => boolean | Promise<boolean>;
}

const [application = '', requests = ''] = process.argv.slice(2);
const request = JSON.parse(readFileSync(requests, 'utf8')) as FirstRequest;

const before = process.memoryUsage().rss;
const spent = process.cpuUsage();
const start = performance.now();
const { decide } = (await import(pathToFileURL(application).href)) as Application;
const allow = await decide(request);
const milliseconds = performance.now() - start;
const { user, system } = process.cpuUsage(spent);
const megabytes = (process.memoryUsage().rss - before) / 2 ** 20;
console.log(JSON.stringify({ milliseconds, processor: (user + system) / 1000, allow, megabytes }));
process.exit(0);
