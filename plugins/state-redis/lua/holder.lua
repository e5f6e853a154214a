-- KEYS: lock, holder. A range of each, so that a huge value costs nothing.
local kind = redis.call('TYPE', KEYS[1]).ok
if kind == 'none' then
    return {'free'}
end
if kind ~= 'string' then
    return {'foreign', KEYS[1], kind}
end
local by = redis.call('TYPE', KEYS[2]).ok == 'string' and redis.call('GETRANGE', KEYS[2], 0, 255) or ''
return {'held', redis.call('GETRANGE', KEYS[1], 0, 64), by}
