-- Fragment: deduplication ids. Included by lib_add.lua; needs store_job.
-- de:<id> holds the job that owns the id. dn:<id> holds the newest job that was
-- refused while an owner with `keepLastIfActive` was running.

-- Makes a job the owner. With keepLastIfActive, the job owns the id until it
-- ends, not for a time window; otherwise two jobs of this id could run at once.
local function own(de, id)
  local ttl = number_of(de.ttl)
  if ttl and ttl > 0 and not de.keepLastIfActive then
    call('SET', P .. 'de:' .. de.id, id, 'PX', int(math.max(ttl, 1)))
  else
    call('SET', P .. 'de:' .. de.id, id)
  end
end

-- @returns the job that stands in for this one; nil if this one now owns the id
local function deduplicate(de, id, name, data, opts, delay)
  local key, next_key = P .. 'de:' .. de.id, P .. 'dn:' .. de.id
  local has_ttl = (number_of(de.ttl) or 0) > 0
  local function told_of(kept, refused)
    event('deduplicated', 'jobId', kept, 'deduplicationId', de.id,
      'deduplicatedJobId', refused)
  end
  local owner = call('GET', key)
  if not owner then own(de, id) return nil end
  if de.replace and call('ZREM', DELAYED, owner) == 1 then
    local old = P .. owner
    call('DEL', old, old .. ':logs', old .. ':dependencies', old .. ':processed',
      old .. ':failed', old .. ':unsuccessful', next_key)
    event('removed', 'jobId', owner, 'prev', 'delayed')
    told_of(id, owner)
    if has_ttl and not de.extend and not de.keepLastIfActive then
      call('SET', key, id, 'KEEPTTL')
    else
      own(de, id)
    end
    return nil
  end
  if call('EXISTS', P .. owner) == 0 and call('PTTL', key) == -1 then
    call('DEL', next_key)
    own(de, id)
    return nil
  end
  if de.keepLastIfActive and call('LPOS', ACTIVE, owner) then
    call('DEL', next_key)
    call('HSET', next_key, 'name', name, 'data', data, 'opts', opts, 'jid', id)
    call('PERSIST', key)
    told_of(owner, id)
    return owner
  end
  if de.replace then return owner end
  if de.extend and has_ttl then own(de, owner) end
  told_of(owner, id)
  if de.reschedule and call('ZSCORE', DELAYED, owner) then
    call('HSET', P .. owner, 'delay', int(delay))
    delay_until(owner, tonumber(now) + delay)
  end
  return owner
end

-- Adds the job that waited until the owner of its deduplication id ended.
local function add_kept(deid)
  local next_key = P .. 'dn:' .. deid
  local h = call('HMGET', next_key, 'name', 'data', 'opts', 'jid', 'pk', 'pd', 'pdk', 'rjk')
  if not h[1] then return end
  call('DEL', next_key)
  local count = int(call('INCR', P .. 'id'))
  local id = h[4] or count
  if call('EXISTS', P .. id) == 1 then
    event('duplicated', 'jobId', id)
    return
  end
  local good, options = pcall(cjson.decode, h[3] or '{}')
  if not good or type(options) ~= 'table' then options = {} end
  local de = type(options.de) == 'table' and options.de or {}
  own({id = deid, ttl = de.ttl, keepLastIfActive = de.keepLastIfActive}, id)
  local fields = {'deid', deid}
  local function add_field(name, value)
    if value then
      fields[#fields + 1] = name
      fields[#fields + 1] = value
    end
  end
  add_field('parentKey', h[5])
  add_field('parent', h[6])
  add_field('rjk', h[8])
  if h[7] then call('SADD', h[7], P .. id) end
  store_job(id, h[1], h[2] or '{}', h[3] or '{}', number_of(options.delay) or 0,
    number_of(options.priority) or 0, is_truthy(options.lifo), fields)
end
