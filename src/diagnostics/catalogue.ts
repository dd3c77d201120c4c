export type Severity = 'error' | 'warning';

/**
 * Every code, its severity and its claim. A code lives for ever; its page is `pages/<code>.md`.
 * Errors cannot be silenced.
 */
export const catalogue = {
  // reading files
  'unreadable-file': entry('error', 'a file is missing or cannot be read'),
  'not-utf-8': entry('error', 'a file is not UTF-8 text'),
  'empty-file': entry('error', 'a file holds nothing'),
  'too-large': entry('error', 'a file, list or text is larger than the limit'),
  'too-deep': entry('error', 'values or parentheses are nested deeper than the limit'),
  'outside-folder': entry('error', 'a path leads out of the folder of the policy'),
  // YAML
  'bad-yaml': entry('error', 'the text is not well-formed YAML'),
  'bad-csv': entry('error', 'the text is not well-formed CSV'),
  'bad-json': entry('error', 'the text is not well-formed JSON'),
  'conflicting-rows': entry('error', 'rows of one member say different things of the member'),
  'duplicate-key': entry('error', 'one map has the same key twice'),
  'refused-yaml': entry('error', 'an alias, anchor, tag, merge key, directive or second document'),
  'hidden-character': entry('error', 'a control or bidirectional character that readers cannot see'),
  'cut-condition': entry('error', 'YAML cut a condition at a comma, at ` #`, or ate it as a tag'),
  // shape
  'unknown-format-version': entry(
    'error',
    '`chaperone:` names a version of the format that this program does not know',
  ),
  'unknown-kind': entry('error', '`kind:` is not one of catalog, practice, tests, invariants'),
  'unknown-key': entry('error', 'a key that has no meaning here'),
  'missing-key': entry('error', 'a key that must be there is not'),
  'wrong-shape': entry('error', 'a value of another kind than the key takes'),
  'bad-name': entry('error', 'a name with characters that names cannot have'),
  'bad-version': entry('error', 'a version or range that is not semver'),
  // conditions and types
  'bad-condition': entry('error', 'a condition that cannot be read'),
  'bad-type': entry('error', 'a type that cannot be read, or stands where it cannot'),
  'bad-requirement': entry('error', 'a requirement that cannot be read'),
  'ill-typed': entry('error', 'a comparison of things that cannot be compared'),
  'ill-typed-covers': entry('error', 'a condition that does not fit every action it is put on'),
  'unknown-attribute': entry('error', 'a path whose fact, setting or parameter does not exist'),
  'unknown-value': entry('error', 'a value outside a closed list'),
  'negated-permission': entry('error', 'a grant that turning a permission on could take away'),
  'condition-too-large': entry('error', 'a condition whose diagram grows over the limit'),
  // names
  'unknown-name': entry('error', 'a name that nothing declares'),
  'unknown-account': entry('error', 'an account that the catalog does not have'),
  'unknown-action': entry('error', 'an action that the catalog does not have'),
  'unknown-condition': entry('error', 'a named condition that does not exist'),
  'unknown-feature': entry('error', 'a feature that the catalog does not have'),
  'unknown-level': entry('error', 'a level that no ladder has'),
  'unknown-member': entry('error', 'a member that the practice does not have'),
  'unknown-outcome': entry('error', 'an outcome that the catalog does not have'),
  'unknown-permission': entry('error', 'a permission that the catalog does not have'),
  'unknown-resource': entry('error', 'a resource type that the catalog does not have'),
  'unknown-role': entry('error', 'a role that the practice does not have'),
  'unknown-setting': entry('error', 'a setting that the catalog does not have'),
  'unknown-type': entry('error', 'a type that does not exist'),
  'unknown-catalog': entry('error', 'a catalog that cannot be found'),
  'unknown-warning': entry('error', 'a silence names what is no warning'),
  'unknown-time-zone': entry('error', 'a time zone that does not exist'),
  'duplicate-name': entry('error', 'one name is declared twice'),
  'shadowed-catalog': entry('error', 'a package that has the name of a shipped catalog'),
  'unsatisfied-range': entry('error', 'a catalog range that no version satisfies'),
  // dependencies and roles
  'extends-cycle': entry('error', 'roles or catalogs that extend each other in a circle'),
  'implies-cycle': entry('error', 'permissions that imply each other in a circle'),
  'requirement-cycle': entry('error', 'permissions that require each other in a circle'),
  'condition-cycle': entry('error', 'named conditions that use each other in a circle'),
  'unmet-requirement': entry('error', 'a permission of a role lacks what it requires'),
  'fallen-permission': entry('warning', 'a permission of a role is worth nothing, as it lacks what it requires'),
  'without-implied': entry('error', 'a permission taken away that another brings back'),
  'with-and-without': entry('error', 'a permission that one role both has and takes away'),
  'without-absent': entry('warning', 'a permission taken away that the role does not have'),
  'foreign-ladder': entry('error', 'a level of a ladder that the account may not use'),
  'foreign-permission': entry('error', 'a permission that the account may not have'),
  'missing-account': entry('error', 'a role without an account'),
  'missing-level': entry('error', 'a role whose account demands a level has none'),
  'conflicting-setting': entry('error', 'a setting inherited with two values'),
  'misplaced-setting': entry('error', 'a setting written where it does not belong'),
  'missing-setting': entry('error', 'a setting without a default is left out'),
  'several-accounts': entry('error', 'a member whose roles have different accounts'),
  'wrong-holders': entry('error', 'an account that is held by too many or too few members'),
  'dates-out-of-order': entry('error', '`until` comes before `from`'),
  'bad-date': entry('error', 'a day or instant that does not exist'),
  'widened-by-practice': entry('error', 'a practice tries to grant'),
  // findings
  'unused-condition': entry('warning', 'a named condition that nothing uses'),
  'unused-constant': entry('warning', 'a constant of actions that no condition reads'),
  'unused-role': entry('warning', 'a role that nobody holds'),
  'unused-invariants': entry('warning', 'a file of invariants that the practice beside it does not name'),
  'unused-value': entry('warning', 'a value of a closed list that nothing mentions'),
  'unused-permission': entry('warning', 'a permission that gives nothing'),
  'ungranted-action': entry('warning', 'an action that nothing grants'),
  'unneeded-grant': entry('warning', 'a grant that gives nothing, or nothing more'),
  'unneeded-permission': entry('warning', 'a permission that changes nothing'),
  'unneeded-assignment': entry('warning', 'an assignment that gives a member nothing more'),
  'powerless-member': entry('warning', 'a member who can never be allowed anything'),
  'impossible-action': entry('warning', 'an action that nobody can ever be allowed'),
  'essential-setting': entry('warning', 'an optional setting without which an action is denied to everybody'),
  'widening-default': entry('warning', 'a default that opens as much as any value can'),
  'unneeded-scope': entry('warning', 'a scope or prohibition that changes no decision'),
  'lost-by-rung': entry('warning', 'a level of a ladder loses what the level below is allowed'),
  'equal-roles': entry('warning', 'two roles that mean the same'),
  'changes-own-permissions': entry('warning', 'somebody may change their own permissions'),
  'unheld-action': entry('warning', 'actions that no member is ever allowed'),
  'weakened-outcome': entry('warning', 'a duty that another grant of the same role takes away'),
  'unneeded-silence': entry('warning', 'a silence that silences nothing'),
  'invariant-failed': entry('error', 'a sentence that must always hold does not'),
  'invariant-unproved': entry('warning', 'a sentence that was neither proved nor refuted'),
} as const satisfies Record<string, { readonly severity: Severity; readonly claim: string }>;

/** The code of a diagnostic: a claim of what is wrong, in kebab-case. */
export type Code = keyof typeof catalogue;

function entry<S extends Severity>(severity: S, claim: string): { readonly severity: S; readonly claim: string } {
  return { severity, claim };
}
