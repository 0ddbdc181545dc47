-- The load that scripts/bench makes, for wrk. Arguments after "--":
--   what       read redeem iw_read iw_create issue ca_read ca_read_xml
--              ca_spend ca_spend_xml
--   run        letters and digits that no other run has used: idempotency
--              keys begin with it
--   cards      cards of each tenant; 0: always the first card
--   keys       file with a line a tenant: API key, login, password
--   tenants    how many of its lines take part
-- and the number of connections in $BENCH_CONNECTIONS. Says in one line of JSON how it went.

local what, run, cards
local callers = {}
local count = 0

-- Same as ledger code number i of scripts/bench.
local function code(i)
	return string.format("%d", 1000000000 + (i * 7368787) % 99999989)
end

local function any_card()
	return code(cards == 0 and 1 or math.random(cards))
end

local function any_caller()
	return callers[#callers == 1 and 1 or math.random(#callers)]
end

local function key()
	count = count + 1
	return run .. "-" .. count
end

local requests = {}

function requests.read()
	local c = any_caller()
	return wrk.format("GET", "/v1/cards/" .. any_card(), c.headers)
end

function requests.redeem()
	local c = any_caller()
	c.keyed["Idempotency-Key"] = key()
	return wrk.format("POST", "/v1/cards/" .. any_card() .. "/redemptions",
	    c.keyed, '{"value":{"amount":1,"currency":"EUR"}}')
end

function requests.issue()
	local c = any_caller()
	c.keyed["Idempotency-Key"] = key()
	return wrk.format("POST", "/v1/cards", c.keyed,
	    '{"programme":"gift","value":{"amount":10000,"currency":"EUR"}}')
end

function requests.iw_read()
	local c = any_caller()
	return wrk.format("GET", c.iwarehouse .. "&card=" .. any_card(), {})
end

function requests.iw_create()
	local c = any_caller()
	return wrk.format("GET", c.iwarehouse .. "&qty=100&expiresyears=3", {})
end

-- As PHP's http_build_query() writes them and its cURL sends them.
local function cardapp(action, format, more)
	local head = "&action=" .. action .. "&tip_response=" .. format ..
	    "&nr_card="
	return function()
		local c = any_caller()
		return wrk.format("POST", "/api/response.php", c.form,
		    c.cardapp .. head .. any_card() .. more())
	end
end

local function nothing()
	return ""
end

local function sale()
	count = count + 1
	return "&nr_puncte=1&valoare_reducere=1&suma=49.90" ..
	    "&detalii_incasare=Bon+fiscal+" .. count .. "%2C+comanda+%23" ..
	    count
end

requests.ca_read = cardapp("interogare_puncte", "json", nothing)
requests.ca_read_xml = cardapp("interogare_puncte", "xml", nothing)
requests.ca_spend = cardapp("cheltuire_puncte", "json", sale)
requests.ca_spend_xml = cardapp("cheltuire_puncte", "xml", sale)

-- A refusal of Cardapp has status 200 too: how its other answers begin.
local successes = {
	ca_read = '{"status":"success",',
	ca_read_xml = "<interogare_puncte_response><status>success<",
	ca_spend = '{"status":"success",',
	ca_spend_xml = "<cheltuire_puncte_response><status>success<",
}
local success
local threads = {}
refused = 0			-- of a thread; global for thread:get()

local function look(_, _, body)
	if body:sub(1, #success) ~= success then
		refused = refused + 1
	end
end

function init(args)
	local n
	what, run, cards = args[1], args[2], tonumber(args[3])
	n = tonumber(args[5])
	math.randomseed(os.time() * 1000 + tonumber(run:match("%d+") or 0))
	for line in io.lines(args[4]) do
		local api_key, login, password =
		    line:match("^(%S+) (%S+) (%S+)$")
		callers[#callers + 1] = {
			headers = { Authorization = "Bearer " .. api_key },
			keyed = { Authorization = "Bearer " .. api_key,
			    ["Content-Type"] = "application/json" },
			iwarehouse = "/core/sales/cards/gift/gift_api.asp" ..
			    "?log=" .. login .. "&pwd=" .. password,
			form = { ["Accept"] = "*/*", ["Content-Type"] =
			    "application/x-www-form-urlencoded" },
			cardapp = "apikey=" .. password .. "&username=" ..
			    login:gsub("@", "%%40"),
		}
		if #callers == n then
			break
		end
	end
	request = requests[what]
	success = successes[what]
	if success then
		response = look
	end
end

function setup(thread)
	threads[#threads + 1] = thread
end

function request()
end

-- wrk adds made-up samples behind each slow one ("coordinated omission"), which
-- would hide a starving connection from the check rate x latency. Take them
-- out again: largest first, as wrk made them from what was measured.
local function measured(summary, latency)
	local each = math.floor(summary.requests / tonumber(os.getenv("BENCH_CONNECTIONS")))
	local interval = each > 0 and math.floor(summary.duration / each)
	local values, counts = {}, {}
	for i = 1, #latency do
		local v, n = latency(i)
		values[i] = v
		counts[v] = n
	end
	for i = interval and #values or 0, 1, -1 do
		local v = values[i]
		local m = v - interval
		while v >= 2 * interval and m > interval do
			counts[m] = counts[m] - counts[v]
			m = m - interval
		end
	end
	return values, counts
end

function done(summary, latency, _)
	local e = summary.errors
	for _, thread in ipairs(threads) do
		e.status = e.status + thread:get("refused")
	end
	local values, counts = measured(summary, latency)
	local n, sum, p50, p99 = 0, 0, 0, 0
	for _, v in ipairs(values) do
		sum = sum + v * counts[v]
		n = n + counts[v]
	end
	local seen = 0
	for _, v in ipairs(values) do
		seen = seen + counts[v]
		if p50 == 0 and seen >= n * 0.50 then p50 = v end
		if p99 == 0 and seen >= n * 0.99 then p99 = v end
	end
	io.stderr:write(string.format('{"n":%d,"us":%d,"mean_us":%.1f,' ..
	    '"p50_us":%d,"p99_us":%d,"max_us":%d,"timed":%d,"refused":%d,' ..
	    '"connect":%d,"read":%d,"write":%d,"timeout":%d}\n',
	    summary.requests, summary.duration, n > 0 and sum / n or 0,
	    p50, p99, latency.max, n, e.status, e.connect, e.read, e.write,
	    e.timeout))
end
