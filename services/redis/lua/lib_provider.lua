-- Fragment: what the cluster knows about the providers of models. Needs
-- lib_limits.lua and the locals id and token of the job that calls; a search has
-- the id ''.
--   D provider:<profile>  hash: known (1: it has answered), until (ms: rests
--                         until then), since (ms), words, rounds (how often it
--                         has refused in a row), probeJob and probeToken (the
--                         run whose call goes first). 24 h
--   D learned:<profile>   string: how it wants to be asked, JSON. 24 h
--   D profiles            hash: profile -> resource, for people. 24 h
--   D answer:<profile>:<key>   string: an answer
--   D asking:<profile>:<key>   hash: job, token: a run that asks for it now
--   D spent:<day>         hash: <resource>.requests, .tokens, .money; total.…;
--                         told <notice> -> the bound that it was told of
--   D calls:<resource>    hash: <job>:<token> -> length of the job's id; calls
--                         without an end. 2 h
--   D search:<token>      string: a search whose call has no end. 15 s
--   D dearest             hash: <resource>.tokens, .money: most of one call
-- A profile rests while `until` is set. When that time has come, or while it has
-- never answered, one call goes first and decides for all.
local DAY_MS = 86400000
local PROFILE_MS = int(DAY_MS)
local BEHIND_PROBE = 15000 -- ms; longer than a job keeps its slot for a wait
local SHARED = 300         -- ms between looks at another job's answer
local SEARCH_MS = '15000'  -- longer than a search waits for a call

local function provider_key(profile) return D .. 'provider:' .. profile end

local function search_key(owner) return D .. 'search:' .. owner end

-- Whether that run still has its job, or that search still waits.
local function runs(job, owner)
  if job == '' then return call('EXISTS', search_key(owner)) == 1 end
  return job and owner and lock_of(job) == owner
end

-- How long the profile takes no call of this run, in ms, and why. 0: it may be
-- called; the second result then says whether this call decides for all.
local function rest_of(profile)
  local h = call('HMGET', provider_key(profile), 'known', 'until', 'words', 'probeJob', 'probeToken')
  if h[1] and not h[2] then return 0, false end
  local wait = tonumber(h[2] or '0') - tonumber(now)
  if wait > 0 then return wait, h[3] or '' end
  local is_mine = h[4] == id and h[5] == token
  if not is_mine and runs(h[4], h[5]) then
    return BEHIND_PROBE, 'one call goes first'
  end
  return 0, true
end

local function lead(profile)
  call('HSET', provider_key(profile), 'probeJob', id, 'probeToken', token)
  call('PEXPIRE', provider_key(profile), PROFILE_MS)
end

-- Ends a call that went first.
local function stop_leading(profile)
  local h = call('HMGET', provider_key(profile), 'probeJob', 'probeToken')
  if h[1] ~= id or h[2] ~= token then return false end
  call('HDEL', provider_key(profile), 'probeJob', 'probeToken')
  return true
end
