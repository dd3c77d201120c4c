/**
 * What the files say, word for word, with the place of every word. Nothing here is resolved: a name may be unknown,
 * a type ill-formed names are kept as text. Maps are arrays of entries in the order of the file.
 */
import type { Name, SourceFile, Span } from '../source/index.ts';

export type { Name } from '../source/index.ts';

/** A file after parsing; `null` stands for a file so broken that nothing could be read. */
export type Syntax = CatalogSyntax | PracticeSyntax | TestsSyntax | InvariantsSyntax;

/** `key: value` of a map whose keys are names of the policy. */
export interface Entry<T> {
  readonly key: Name;
  readonly value: T;
}

/** A YAML value as data: of settings, facts in tests, `on` of a request. Aliases, tags and duplicate keys are gone. */
export type DataSyntax =
  | { readonly kind: 'scalar'; readonly value: string | number | boolean | null; readonly span: Span }
  /** What stands in a cell of a CSV file: which type it is of, and whether it is a list, its setting must say. */
  | { readonly kind: 'cell'; readonly text: string; readonly span: Span }
  | { readonly kind: 'list'; readonly items: readonly DataSyntax[]; readonly span: Span }
  | { readonly kind: 'map'; readonly entries: readonly Entry<DataSyntax>[]; readonly span: Span };

/** The members that stand in a file beside a practice. */
export interface MemberList {
  readonly members: readonly Entry<MemberSyntax>[];
  /** As of a `Header`. */
  readonly broken: ReadonlySet<string>;
}

/** The first keys of every file. `file` is the source; `span` of a node covers key and value. */
interface Header {
  readonly file: SourceFile;
  /** Names of entries that were left out since they could not be read; `roles/*` where it is not known which. */
  readonly broken: ReadonlySet<string>;
  readonly name: Name | null;
  readonly version: Name | null;
  readonly title: string | null;
}

export interface CatalogSyntax extends Header {
  readonly kind: 'catalog';
  readonly extends: Name | null;
  readonly accounts: readonly Entry<AccountSyntax>[];
  readonly ladders: readonly Entry<readonly Name[]>[];
  readonly features: readonly Name[];
  /** Closed value lists; `null` for a list that each practice fills in (`by-practice`). */
  readonly values: readonly Entry<readonly Name[] | null>[];
  readonly settings: readonly Entry<SettingSyntax>[];
  readonly user: readonly Entry<TypeSyntax>[];
  readonly context: readonly Entry<TypeSyntax>[];
  readonly rolesGivenByApplication: readonly Name[];
  readonly outcomes: readonly Entry<OutcomeSyntax>[];
  readonly resources: readonly Entry<ResourceSyntax>[];
  readonly conditions: readonly Entry<ConditionSyntax>[];
  readonly permissions: readonly Entry<PermissionSyntax>[];
  readonly grants: readonly GrantSyntax[];
  readonly scopes: readonly Entry<ScopeSyntax>[];
  readonly prohibitions: readonly ProhibitionSyntax[];
  readonly silences: readonly SilenceSyntax[];
}

export interface OutcomeSyntax {
  readonly duties: readonly Name[];
  /** It gives way to any better outcome, so nothing weakens it. */
  readonly isLastResort: boolean;
}

/** A warning about the file that is accepted. */
export interface SilenceSyntax {
  readonly code: Name;
  /** Only those whose message names this; `null`: every warning of the code. */
  readonly about: Name | null;
}

export interface AccountSyntax {
  readonly span: Span;
  readonly title: string | null;
  readonly ladders: readonly Name[];
  /** `required`: a role of this account must name a level; `null`: it may. */
  readonly level: 'required' | null;
  /** Patterns of the permissions that roles of this account may have; `null` means all of them. */
  readonly permissions: readonly Name[] | null;
  readonly default: readonly Name[];
  /** How many members hold this account, exactly. */
  readonly holders: { readonly count: number; readonly span: Span } | null;
}

export interface SettingSyntax {
  readonly span: Span;
  readonly title: string | null;
  readonly type: TypeSyntax;
  readonly on: readonly ('role' | 'assignment')[];
  readonly optional: boolean;
  readonly default: DataSyntax | null;
}

export interface ResourceSyntax {
  readonly span: Span;
  readonly title: string | null;
  readonly facts: readonly Entry<TypeSyntax>[];
  readonly actions: readonly Entry<ActionSyntax>[];
}

export interface ActionSyntax {
  readonly span: Span;
  readonly title: string | null;
  /** `nothing`: no instance exists yet, so the action has no facts. */
  readonly about: 'nothing' | 'resource';
  /** How the action looks when it is denied. */
  readonly denied: Name | null;
  /** When whoever does this changes what they may do themselves; `null`: never. */
  readonly changesOwnPermissions: Expression | null;
  /** Every other key: the constants of the action. */
  readonly constants: readonly Entry<Name>[];
}

export interface ConditionSyntax {
  readonly span: Span;
  readonly parameters: readonly Entry<TypeSyntax>[];
  readonly is: Expression;
}

export interface PermissionSyntax {
  readonly span: Span;
  readonly title: string | null;
  readonly level: Name | null;
  readonly requires: RequirementSyntax | null;
  readonly implies: readonly Name[];
  readonly grants: readonly GrantSyntax[];
}

/** `requires: a and (b or c)`, or `requires: all` (every other permission of the catalog). */
export interface RequirementSyntax {
  readonly span: Span;
  readonly expression: RequirementExpression;
  readonly fallsSilently: boolean;
}

export type RequirementExpression =
  | { readonly kind: 'all'; readonly span: Span }
  | { readonly kind: 'permission'; readonly name: Name; readonly span: Span }
  | { readonly kind: 'and' | 'or'; readonly terms: readonly RequirementExpression[]; readonly span: Span };

/** Which actions a grant, scope or prohibition is about. */
export type CoverageSyntax =
  | { readonly kind: 'all'; readonly span: Span }
  | { readonly kind: 'names'; readonly names: readonly Name[]; readonly span: Span } // a name may hold `*`
  | { readonly kind: 'with'; readonly fact: Name; readonly span: Span };

export interface GrantSyntax {
  readonly span: Span;
  readonly actions: CoverageSyntax;
  /** `null`: always. */
  readonly when: Expression | null;
  readonly outcome: Name | null;
}

export interface ScopeSyntax {
  readonly span: Span;
  readonly title: string | null;
  readonly covers: CoverageSyntax;
  readonly is: Expression;
}

export interface ProhibitionSyntax {
  readonly span: Span;
  readonly name: Name | null;
  readonly title: string | null;
  readonly actions: CoverageSyntax;
  /** `null`: always. */
  readonly when: Expression | null;
}

export interface PracticeSyntax extends Header {
  readonly kind: 'practice';
  readonly catalog: Name | null;
  readonly timeZone: Name | null;
  readonly features: readonly Entry<SwitchSyntax>[];
  readonly values: readonly Entry<readonly Name[]>[];
  readonly dependencies: 'strict' | 'gate';
  readonly facts: readonly Entry<readonly Entry<TypeSyntax>[]>[];
  readonly rolesGivenByApplication: readonly Name[];
  readonly conditions: readonly Entry<ConditionSyntax>[];
  readonly roles: readonly Entry<RoleSyntax>[];
  /** The key `roles`. */
  readonly rolesPlace: Span | null;
  readonly members: readonly Entry<MemberSyntax>[];
  /** The file beside the practice in which the members stand instead. */
  readonly membersFile: Name | null;
  readonly scopes: readonly Entry<ScopeSyntax>[];
  readonly prohibitions: readonly ProhibitionSyntax[];
  readonly invariants: readonly InvariantSyntax[];
  /** Files of further invariants. */
  readonly invariantFiles: readonly Name[];
  readonly silences: readonly SilenceSyntax[];
}

/** Sentences in a file of their own, which a practice names. */
export interface InvariantsSyntax extends Header {
  readonly kind: 'invariants';
  readonly invariants: readonly InvariantSyntax[];
  readonly silences: readonly SilenceSyntax[];
}

export interface SwitchSyntax {
  readonly on: boolean;
  readonly span: Span;
}

export interface RoleSyntax {
  readonly span: Span;
  readonly title: string | null;
  readonly extends: readonly Name[];
  readonly account: Name | null;
  readonly level: Name | null;
  readonly with: readonly Name[];
  readonly without: readonly Name[];
  /** Every other key. */
  readonly settings: readonly Entry<DataSyntax>[];
}

export interface MemberSyntax {
  readonly span: Span;
  readonly title: string | null;
  readonly id: Name | null;
  readonly status: 'active' | 'inactive';
  /** One, or those of `holds`. */
  readonly assignments: readonly AssignmentSyntax[];
}

export interface AssignmentSyntax {
  readonly span: Span;
  /** A name, or in tests and requests a role described on the spot. */
  readonly role: Name | RoleSyntax | null;
  readonly from: Name | null;
  readonly until: Name | null;
  readonly settings: readonly Entry<DataSyntax>[];
}

/** `- sentence: { never: action, for: {...} }`; `body` keeps the map for the room that proves it. */
export interface InvariantSyntax {
  readonly span: Span;
  readonly title: Name;
  readonly kind: 'never' | 'always' | 'only' | 'separate' | 'someone';
  readonly actions: readonly Name[];
  readonly roles: readonly Name[];
  readonly members: readonly Name[];
  readonly over: 'roles' | 'members' | null;
  readonly when: Expression | null;
}

export interface TestsSyntax extends Header {
  readonly kind: 'tests';
  /** Exactly one of the two. */
  readonly practice: Name | null;
  readonly catalog: Name | null;
  /** Tests files whose roles, users, resources, features and clock this one uses too. */
  readonly fixtures: readonly Name[];
  readonly now: Name | null;
  readonly features: readonly Entry<SwitchSyntax>[];
  readonly roles: readonly Entry<RoleSyntax>[];
  readonly users: readonly Entry<MemberSyntax>[];
  readonly resources: readonly Entry<DataSyntax>[];
  readonly tests: readonly TestSyntax[];
  readonly matrices: readonly MatrixSyntax[];
}

export interface TestSyntax {
  readonly span: Span;
  readonly name: Name;
  readonly cites: readonly Name[];
  readonly users: readonly (Name | MemberSyntax)[];
  readonly now: Name | null;
  readonly features: readonly Entry<SwitchSyntax>[];
  readonly context: readonly Entry<DataSyntax>[];
  readonly resources: readonly Entry<DataSyntax>[];
  readonly expect: readonly ExpectationSyntax[];
}

/** `note.view on n: deny`. */
export interface ExpectationSyntax {
  readonly span: Span;
  readonly action: Name;
  readonly on: Name | null;
  readonly expected: ExpectedSyntax;
}

export interface ExpectedSyntax {
  readonly span: Span;
  readonly decision: 'allow' | 'deny';
  readonly outcome: Name | null;
  readonly presentation: Name | null;
  readonly reason: Name | null;
  readonly missing: readonly Name[] | null;
}

/** users x resources x actions; a row of `expect` has one expectation a resource, in the order of `resources`. */
export interface MatrixSyntax {
  readonly span: Span;
  readonly name: Name | null;
  readonly cites: readonly Name[];
  readonly users: readonly Name[];
  readonly now: Name | null;
  readonly features: readonly Entry<SwitchSyntax>[];
  readonly context: readonly Entry<DataSyntax>[];
  /** A data map is declared here; a scalar names a resource declared for the whole file. */
  readonly resources: readonly Entry<DataSyntax>[];
  readonly expect: readonly Entry<readonly Entry<readonly ExpectedSyntax[]>[]>[];
}

/** A type as written: `string`, `set<tag>`, `draft | locked`, `section -> mode -> set<string>`. */
export type TypeSyntax =
  | { readonly kind: 'name'; readonly name: Name; readonly span: Span }
  | { readonly kind: 'set'; readonly of: TypeSyntax; readonly span: Span }
  | { readonly kind: 'enum'; readonly values: readonly Name[]; readonly span: Span }
  | { readonly kind: 'index'; readonly by: Name; readonly of: TypeSyntax; readonly span: Span };

/** A condition as written. `and`/`or` hold two or more terms. */
export type Expression =
  | { readonly kind: 'and' | 'or'; readonly terms: readonly Expression[]; readonly span: Span }
  | { readonly kind: 'not'; readonly term: Expression; readonly span: Span }
  | {
      readonly kind: 'comparison';
      readonly operator: ComparisonOperator;
      readonly left: OperandSyntax;
      readonly right: OperandSyntax;
      readonly span: Span;
    }
  | { readonly kind: 'is-set'; readonly operand: OperandSyntax; readonly span: Span }
  | { readonly kind: 'has'; readonly permission: Name; readonly span: Span }
  | { readonly kind: 'feature'; readonly feature: Name; readonly span: Span }
  | { readonly kind: 'call'; readonly name: Name; readonly arguments: readonly OperandSyntax[]; readonly span: Span }
  | { readonly kind: 'truth'; readonly operand: OperandSyntax; readonly span: Span }; // a path or `true`/`false` alone

export type ComparisonOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'overlaps' | 'within';

export type OperandSyntax =
  /** `root.step.step[index][index]`; a step is a name, an index another path. */
  | { readonly kind: 'path'; readonly root: Name; readonly steps: readonly PathStep[]; readonly span: Span }
  | { readonly kind: 'string'; readonly value: string; readonly span: Span }
  | { readonly kind: 'number'; readonly value: number; readonly span: Span }
  | { readonly kind: 'bool'; readonly value: boolean; readonly span: Span }
  | { readonly kind: 'all'; readonly span: Span }
  | { readonly kind: 'list'; readonly items: readonly OperandSyntax[]; readonly span: Span }
  | { readonly kind: 'sum'; readonly operand: OperandSyntax; readonly duration: DurationSyntax; readonly span: Span };

export type PathStep =
  | { readonly kind: 'name'; readonly name: Name }
  | { readonly kind: 'index'; readonly operand: OperandSyntax };

/** `24h`, `30min`, `10s`, `7d`, `2w` are fixed spans of milliseconds; `6mo` and `18y` are calendar months. */
export interface DurationSyntax {
  readonly months: number;
  readonly milliseconds: number;
  readonly span: Span;
}
