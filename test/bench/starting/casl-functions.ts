import { verbOf } from '../clinic/model.ts';
import { caslFunctionAbility } from '../peers/casl.ts';
import type { FirstRequest } from './request.ts';

export const decide = ({ clinic, user, action, resource }: FirstRequest) =>
  caslFunctionAbility(clinic, user).can(verbOf(action), resource);
