/** (?) Of a cursor that belongs to no list or another one; ListUsers words its own (cognito-behaviour A20). */
export const INVALID_TOKEN = 'Invalid pagination token provided'
