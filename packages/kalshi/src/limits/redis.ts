/**
 * Tokens of every process of an account, in Redis.
 *
 * One script of ours does what the store in memory does, on the store's clock,
 * for all buckets of a request at once and with the claims of every process:
 * Effect's script takes from one bucket, by the clock of each caller. The
 * budget that was learned lies beside the tokens, under the name of the account
 * alone, so that another tier is the same bucket.
 *
 * It also counts the processes. Who comes and hears of nobody else cannot know
 * what was spent before, nor who spends unheard: every bucket is empty then, and
 * refills at the share of those who are there until all are, or a while has
 * passed.
 */
import type * as Effect from "effect/Effect"
import * as Redis from "effect/persistence/Redis"
import { PAUSE, RECOVERY, ROUNDING, SLOWEST } from "./bucket.ts"
import { STARVED } from "./Store.ts"

/** Milliseconds for which a claim stands whose process does not ask again. */
export const LEASE = 1_000

/** Milliseconds after which a process says that it lives. */
export const HEARTBEAT = 500

/** Milliseconds for which a process counts that is not heard of. */
const ALIVE = 5_000

/** Milliseconds within which somebody who is there is heard of. */
const ALONE = 1_500

/** Milliseconds after an outage in which those who are not back yet have their share. */
const GATHERING = 4_000

/** Milliseconds after which an account that nobody spends is forgotten. */
const FORGOTTEN = 86_400_000

/** The script, with the expression that tells the time in milliseconds. */
export const lua = (clock: string): string => `
local state, claims, members = KEYS[1], KEYS[2], KEYS[3]
local now = ${clock}
local call = cjson.decode(ARGV[1])
local budget = redis.call('HGET', state, 'budget') or ARGV[2]
local limits = cjson.decode(budget)

local function number(field)
  return tonumber(redis.call('HGET', state, field) or nil)
end

local function write(field, value)
  redis.call('HSET', state, field, string.format('%.17g', value))
end

local function heardOf(from)
  return redis.call('ZCOUNT', members, string.format('%.17g', from), '+inf')
end

local opened = number('opened')
local last = number('last') or now
write('last', now)
-- where the clock was set back, what was said of instants after it counts from now on
local back = last > now
if back and opened and opened > now then
  opened = now
  write('opened', opened)
end

-- who starts, or comes back, is not among those who were there
local away = call.apart and now - call.apart or nil
local others = 0
if call.joins then
  redis.call('ZREM', members, call.member)
  others = heardOf(now - ${ALONE})
end
if not opened or (call.joins and others == 0) then
  -- what was spent before is not known, nor who else spends: all but those who are heard of
  local before = number('known')
  opened = now
  write('opened', opened)
  write('expected', call.apart and call.processes or (call.joins and (before or 1) + 1 or call.processes))
elseif away and opened >= away then
  write('expected', math.max(number('expected') or 0, call.processes))
end

local share = 1
local expected = number('expected')
if expected then share = math.min(1, math.max(1, heardOf(opened)) / expected) end

local function limit(name)
  if name == 'read' then return limits.read end
  return limits.write
end

local NEVER = -1e15

-- as in the store in memory: milliseconds at full pace, and back
local function gained(level, from, to)
  local a, b = math.max(0, level.slow - from), math.max(0, level.slow - to)
  return to - from - (a * a - b * b) / ${2 * RECOVERY}
end

local function lasting(level, from, gain)
  local slow = math.max(0, level.slow - from)
  local start = 1 - slow / ${RECOVERY}
  local within = ${RECOVERY} * (math.sqrt(start * start + 2 * gain / ${RECOVERY}) - start)
  if within <= slow then return within end
  return gain + slow * slow / ${2 * RECOVERY}
end

local function load(name)
  local level = { name = name, tokens = 0, quiet = NEVER, slow = NEVER, bucket = limit(name) }
  local at = opened
  -- a bucket that was not seen yet has what an unseen one has had
  local raw = redis.call('HGET', state, 'level:' .. name) or redis.call('HGET', state, 'level:*')
  if raw then
    local a, b, c, d = string.match(raw, '(%S+) (%S+) (%S+) (%S+)')
    level.tokens, at, level.quiet, level.slow = tonumber(a), tonumber(b), tonumber(c), tonumber(d)
    if at < opened then level.tokens, at = math.min(0, level.tokens), opened end
    if back then
      level.quiet = math.min(level.quiet, now + ${PAUSE})
      level.slow = math.min(level.slow, now + ${(1 - SLOWEST) * RECOVERY})
    end
  end
  level.refill = level.bucket.refill * share
  local gain = math.max(0, gained(level, at, now))
  level.tokens = math.min(level.bucket.capacity, level.tokens + level.refill * gain / 1000)
  return level
end

local function untilThere(level, from, missing)
  if missing <= 0 then return 0 end
  return lasting(level, from, missing / level.refill * 1000)
end

local function waitFor(level, wanted, cancels)
  local own = untilThere(level, now, wanted - level.tokens)
  if cancels or level.quiet == NEVER then return own end
  local from = math.max(now, level.quiet)
  local missing = wanted - level.refill * gained(level, level.quiet, from) / 1000
  return math.max(own, from - now + untilThere(level, from, missing))
end

local function save(level)
  local text = string.format('%.17g %.17g %.17g %.17g', level.tokens, now, level.quiet, level.slow)
  redis.call('HSET', state, 'level:' .. level.name, text)
end

local function known()
  local names = { 'read', 'write' }
  for _, field in ipairs(redis.call('HKEYS', state)) do
    local name = string.match(field, '^level:(.+)$')
    if name and name ~= 'read' and name ~= 'write' and name ~= '*' then names[#names + 1] = name end
  end
  return names
end

-- what has flowed in so far has done so under what was so far in force
local function settle()
  for _, name in ipairs(known()) do save(load(name)) end
end

if back then
  settle()
  redis.call('DEL', claims)
end

local function standing()
  local found = {}
  local all = redis.call('HGETALL', claims)
  for index = 1, #all, 2 do
    local claim = cjson.decode(all[index + 1])
    if claim.till < now then
      redis.call('HDEL', claims, all[index])
    else
      found[all[index]] = claim
    end
  end
  return found
end

local function first(claim)
  if now - claim.since >= ${STARVED} then return 0 end
  return claim.rank
end

local function precedes(a, b)
  if first(a) == first(b) then return a.order < b.order end
  return first(a) < first(b)
end

-- until here those who are missing had their share
if expected and now >= opened + ${GATHERING} then
  settle()
  redis.call('HDEL', state, 'expected')
  share, expected = 1, nil
end

-- who was cut off alone spent while the others had the whole; who was away for a moment may not have been alone
if away and opened < away then
  for _, name in ipairs(known()) do
    local level = load(name)
    local flowed = level.refill * math.min(call.apart, ${ALONE}) / 1000
    local spent = math.max(call.spent and call.spent[name] or 0, flowed)
    -- the exchange's bucket is never below nothing
    level.tokens = math.max(math.min(0, level.tokens), level.tokens - spent)
    save(level)
  end
end

local reply = { 0, '0' }

if call.op == 'ask' then
  local all = standing()
  local old = all[call.claim]
  local mine = {
    rank = call.rank, tokens = call.tokens, buckets = call.buckets, till = now + ${LEASE},
    order = old and old.order or redis.call('HINCRBY', state, 'claimed', 1),
    since = old and old.since or now
  }
  local wait, levels = 0, {}
  for index, name in ipairs(call.buckets) do
    local level = load(name)
    local bucket = level.bucket
    levels[index] = level
    local wanted = call.tokens
    for id, other in pairs(all) do
      if id ~= call.claim and precedes(other, mine) then
        for _, each in ipairs(other.buckets) do
          if each == name then wanted = wanted + other.tokens end
        end
      end
    end
    wanted = math.min(wanted, bucket.capacity)
    wait = math.max(wait, waitFor(level, wanted, call.rank == 0))
  end
  if wait > ${ROUNDING} then
    redis.call('HSET', claims, call.claim, cjson.encode(mine))
    redis.call('PEXPIRE', claims, ${LEASE * 2})
    local starved = mine.since + ${STARVED} - now
    if starved > 0 then wait = math.min(wait, starved) end
    reply = { 0, string.format('%.17g', wait) }
  else
    redis.call('HDEL', claims, call.claim)
    for _, level in ipairs(levels) do
      local bucket = level.bucket
      if call.rank > 0 and level.quiet ~= NEVER then
        level.tokens = math.min(level.tokens, level.refill * gained(level, level.quiet, now) / 1000)
      end
      local reserve = math.min(bucket.refill * call.headroom / 1000, bucket.capacity / 2)
      level.tokens = math.min(level.tokens, bucket.capacity - reserve) - call.tokens
      save(level)
    end
    reply = { 1, string.format('%.17g', levels[1].tokens) }
  end
elseif call.op == 'withdraw' then
  redis.call('HDEL', claims, call.claim)
elseif call.op == 'giveBack' then
  for _, name in ipairs(call.buckets) do
    local level = load(name)
    level.tokens = math.min(level.bucket.capacity, level.tokens + call.tokens)
    save(level)
  end
elseif call.op == 'refused' then
  for _, name in ipairs(call.buckets) do
    local level = load(name)
    level.tokens = math.min(0, level.tokens)
    if now >= level.quiet then
      local left = math.max(${SLOWEST}, math.min(1, 1 - (level.slow - now) / ${RECOVERY}) / 2)
      level.slow = now + (1 - left) * ${RECOVERY}
    end
    level.quiet = now + ${PAUSE}
    save(level)
  end
elseif call.op == 'learn' then
  settle()
  save(load('*'))
  redis.call('HSET', state, 'budget', ARGV[3])
  budget = ARGV[3]
elseif call.op == 'levels' then
  for _, name in ipairs(known()) do
    reply[#reply + 1] = name
    reply[#reply + 1] = string.format('%.17g', load(name).tokens)
  end
end

if call.op == 'leave' then
  redis.call('ZREM', members, call.member)
else
  -- who comes back takes its share from now on, not of what has flowed in until now
  if share < 1 and not redis.call('ZSCORE', members, call.member) then settle() end
  redis.call('ZADD', members, string.format('%.17g', now), call.member)
end
redis.call('ZREMRANGEBYSCORE', members, '-inf', string.format('%.17g', now - ${FORGOTTEN}))
for _, key in ipairs({ state, members }) do redis.call('PEXPIRE', key, ${FORGOTTEN}) end

local alive = heardOf(now - ${ALIVE})
write('known', alive)
if expected then alive = math.max(alive, expected) end
return { reply[1], reply[2], alive, budget, unpack(reply, 3) }
`

const CLOCK = `(function()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + tonumber(time[2]) / 1000
end)()`

/** What a process says with each call. */
export interface Call {
  readonly op: "ask" | "withdraw" | "giveBack" | "refused" | "learn" | "levels" | "hello" | "leave"
  readonly member: string
  readonly headroom: number
  readonly claim?: string | undefined
  readonly rank?: number | undefined
  readonly tokens?: number | undefined
  readonly buckets?: ReadonlyArray<string> | undefined
  /** Whether it is not among the others yet, or not any more. */
  readonly joins?: boolean | undefined
  /** Milliseconds for which it has not heard of Redis, where it comes back after an outage. */
  readonly apart?: number | undefined
  /** How many processes there are as far as it knows. */
  readonly processes: number
  /** What it spent meanwhile, by bucket. */
  readonly spent?: Readonly<Record<string, number>> | undefined
}

/**
 * Granted or not, the tokens left of the first bucket or the milliseconds to wait, processes, the
 * budget in force, and names and tokens of buckets.
 */
export type Reply = readonly [
  granted: number,
  leftOrWait: string,
  processes: number,
  budget: string,
  ...levels: ReadonlyArray<string>
]

/** The script on a clock of one's own, for the state, the claims and the members of an account. */
export const script = (clock: string) =>
  Redis.script(
    (keys: readonly [state: string, claims: string, members: string], call: Call, assumed: string, learned: string) => [
      ...keys,
      JSON.stringify(call),
      assumed,
      learned
    ],
    { numberOfKeys: 3, lua: lua(clock) }
  ).withReturnType<Reply>()

/** The keys of an account, in one slot of a cluster. */
export const keysOf = (prefix: string, account: string): readonly [state: string, claims: string, members: string] => [
  `${prefix}{${account}}:state`,
  `${prefix}{${account}}:claims`,
  `${prefix}{${account}}:members`
]

const onStoreTime = script(CLOCK)

/** One call, the whole of which happens at one instant of the store. */
export const make =
  (redis: Redis.Redis["Service"], options: { readonly prefix: string; readonly account: string }) =>
  (call: Call, assumed: string, learned = ""): Effect.Effect<Reply, Redis.RedisError> =>
    redis.eval(onStoreTime)(keysOf(options.prefix, options.account), call, assumed, learned)
