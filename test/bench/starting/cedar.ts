import { cedarEngine } from '../peers/cedar.ts';
import { decideBy, type FirstRequest } from './request.ts';

export const decide = (request: FirstRequest) => decideBy(request, cedarEngine);
