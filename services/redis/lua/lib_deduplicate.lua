-- Fragment: deduplication ids. Included by lib_add.lua; needs store_job.
-- de:<id> holds the job that owns the id, dn:<id> the newest job that was
-- refused while a `keepLastIfActive` owner ran.

-- @returns the job that stands in for this one; nil if this one owns the id now
local function deduplicate(de, id, name, data, opts)
  local key, next_key = P .. 'de:' .. de.id, P .. 'dn:' .. de.id
  local ttl = de.ttl and de.ttl > 0 and int(de.ttl)
  local function own()
    if ttl then call('SET', key, id, 'PX', ttl) else call('SET', key, id) end
  end
  local function tell(kept, refused)
    event('deduplicated', 'jobId', kept, 'deduplicationId', de.id,
      'deduplicatedJobId', refused)
  end
  local owner = call('GET', key)
  if not owner then own() return nil end
  if de.keepLastIfActive and call('LPOS', ACTIVE, owner) then
    call('HSET', next_key, 'name', name, 'data', data, 'opts', opts, 'jid', id)
    call('PERSIST', key)
    tell(owner, id)
    return owner
  end
  if de.replace then
    if call('ZREM', DELAYED, owner) == 0 then return owner end
    call('DEL', P .. owner, P .. owner .. ':logs')
    event('removed', 'jobId', owner, 'prev', 'delayed')
    tell(id, owner)
    if de.extend then own() else call('SET', key, id, 'KEEPTTL') end
    return nil
  end
  if call('EXISTS', P .. owner) == 0 and call('PTTL', key) == -1 then
    call('DEL', next_key)
    own()
    return nil
  end
  if de.extend and ttl then call('PEXPIRE', key, ttl) end
  tell(owner, id)
  return owner
end

-- Adds the job that waited for the owner of a deduplication id to end.
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
  call('SET', P .. 'de:' .. deid, id)
  local good, options = pcall(cjson.decode, h[3] or '{}')
  if not good or type(options) ~= 'table' then options = {} end
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
  store_job(id, h[1], h[2] or '{}', h[3] or '{}', tonumber(options.delay) or 0,
    tonumber(options.priority) or 0, options.lifo == true, fields)
end
