// The least that a check of policy files can cost: the libraries are loaded and the files parsed, nothing more.
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { Lexer } from 'chevrotain';
import { parse } from 'yaml';

const parsed = process.argv.slice(2).map((file) => parse(readFileSync(file, 'utf8')));
if (parsed.length === 0 || !Ajv || !Lexer) process.exitCode = 2;
