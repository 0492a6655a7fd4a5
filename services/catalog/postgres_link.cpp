#include "services/catalog/postgres_link.hpp"

#include "config/database_url.hpp"
#include "services/catalog/migrations.hpp"
#include "services/catalog/postgres_error.hpp"

#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace darkroom {

namespace {

using clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// The oldest version that PostgreSQL's makers still maintain.
constexpr int oldest_version = 130000;

/// The server ends a slow statement itself. If it does not even do that, we
/// drop the connection this much later.
constexpr milliseconds grace{1000};

/// How long a transaction may be idle, in time limits of a statement. Moving
/// the files of a result takes only milliseconds. After that, a main node that
/// froze within a transaction loses the lock on its image.
constexpr int idle_limit = 2;

struct option_deleter {
  void operator()(PQconninfoOption* options) const {
    PQconninfoFree(options);
  }
};
using options_ptr = std::unique_ptr<PQconninfoOption, option_deleter>;

/// How many servers the URL names, or why it is invalid.
result<int> count_hosts(const std::string& url) {
  char* why = nullptr;
  options_ptr options{PQconninfoParse(url.c_str(), &why)};
  auto reason = why == nullptr ? std::string{"the port is not a number"}
                               : mask_quotes(why, url);
  PQfreemem(why);
  int hosts = 1;
  auto is_sound = options != nullptr;
  for (auto* x = options.get(); x && x->keyword; ++x) {
    std::string_view keyword{x->keyword}, value{x->val ? x->val : ""};
    if (keyword == "host")
      hosts += static_cast<int>(std::count(value.begin(), value.end(), ','));
    if (keyword == "port")
      is_sound &= value.find_first_not_of("0123456789,") == value.npos;
  }
  if (is_sound)
    return hosts;
  return fail(ec::bad_config,
              "catalog.database is not a URL of PostgreSQL: "
                + reason.substr(0, reason.find('\n'))
                + "; the form is "
                  "postgres://user:password@host:port/database (in user and "
                  "password, '@' is written %40, ':' %3A, '/' %2F, '%' %25)");
}

} // namespace

void postgres_rows_deleter::operator()(pg_result* rows) const {
  PQclear(rows);
}

postgres_link::postgres_link(const catalog_settings& cfg,
                             const std::string& name)
  : cfg_(cfg),
    name_(name) {}

postgres_link::~postgres_link() {
  PQfinish(handle_);
}

result<std::shared_ptr<postgres_link>>
postgres_link::open(const catalog_settings& cfg, const std::string& name) {
  std::shared_ptr<postgres_link> link{new postgres_link(cfg, name)};
  for (auto step : {&postgres_link::connect, &postgres_link::greet})
    if (auto done = (*link.*step)(); !done)
      return std::move(done.error());
  return link;
}

status postgres_link::connect() {
  auto url = read_postgres_url(cfg_.database).url;
  auto hosts = count_hosts(url);
  if (!hosts)
    return std::move(hosts.error());
  // The URL may override the options before it, but not those behind it. The
  // time limit also holds for each of several hosts that let no packet through.
  auto limit = std::to_string(cfg_.connect_timeout.count());
  const char* keywords[] = {"fallback_application_name", "tcp_user_timeout",
                            "keepalives_idle",           "keepalives_interval",
                            "keepalives_count",          "dbname",
                            "client_encoding",           nullptr};
  const char* values[] = {"darkroom", limit.c_str(), "10",   "2",
                          "3",        url.c_str(),   "UTF8", nullptr};
  handle_ = PQconnectStartParams(keywords, values, 1);
  if (!handle_)
    return lost("out of memory");
  PQsetErrorVerbosity(handle_, PQERRORS_VERBOSE); // with SQLSTATE
  PQsetNoticeProcessor(
    handle_, [](void*, const char*) {}, nullptr);
  auto until = clock::now() + cfg_.connect_timeout * *hosts;
  auto state = PQstatus(handle_) == CONNECTION_BAD ? PGRES_POLLING_FAILED
                                                   : PGRES_POLLING_WRITING;
  while (state != PGRES_POLLING_OK) {
    if (state == PGRES_POLLING_FAILED)
      return connect_error(name_, PQerrorMessage(handle_));
    short events = state == PGRES_POLLING_READING ? POLLIN : POLLOUT;
    if (auto done = await_socket(events, until); !done)
      return done;
    state = PQconnectPoll(handle_);
  }
  PQsetnonblocking(handle_, 1);
  return ok;
}

status postgres_link::greet() {
  auto version = PQserverVersion(handle_);
  if (version < oldest_version)
    return fail(ec::catalog_failed, "catalog '" + name_ + "' is PostgreSQL "
                                      + std::to_string(version / 10000)
                                      + ": use 13 or newer");
  auto limit = std::to_string(cfg_.command_timeout.count());
  auto schema = schema_of(cfg_);
  if (!schema.empty())
    if (auto done = run("SET search_path = " + quoted_name(schema)); !done)
      return std::move(done.error());
  auto done = run("SET statement_timeout = " + limit + "; SET lock_timeout = "
                  + limit + "; SET idle_in_transaction_session_timeout = "
                  + std::to_string(idle_limit * cfg_.command_timeout.count()));
  if (!done)
    return std::move(done.error());
  return ok;
}

result<postgres_rows> postgres_link::run(const std::string& sql) {
  return sent(PQsendQuery(handle_, sql.c_str()));
}

result<postgres_rows> postgres_link::prepare(const std::string& statement,
                                             const std::string& sql) {
  return sent(
    PQsendPrepare(handle_, statement.c_str(), sql.c_str(), 0, nullptr));
}

result<postgres_rows>
postgres_link::run(const std::string& statement,
                   const std::vector<postgres_value>& values) {
  std::vector<const char*> starts;
  std::vector<int> sizes, formats;
  for (auto& x : values) {
    starts.push_back(x.bytes.c_str());
    sizes.push_back(static_cast<int>(x.bytes.size()));
    formats.push_back(x.is_bytes);
  }
  return sent(PQsendQueryPrepared(
    handle_, statement.c_str(), static_cast<int>(values.size()), starts.data(),
    sizes.data(), formats.data(), 1));
}

bool postgres_link::is_alive() {
  pollfd socket{PQsocket(handle_), POLLIN, 0};
  // A server that stops may say so before the connection ends: read twice.
  for (int i = 0; i < 2 && !is_lost_ && ::poll(&socket, 1, 0) > 0; ++i)
    is_lost_ = !PQconsumeInput(handle_);
  return !is_lost_ && PQstatus(handle_) == CONNECTION_OK;
}

/// Reads all results of what was sent; returns the first error or the last
/// rows.
result<postgres_rows> postgres_link::sent(int was_sent) {
  if (is_lost_ || !was_sent)
    return lost(PQerrorMessage(handle_));
  auto until = clock::now() + cfg_.command_timeout + grace;
  postgres_rows rows;
  for (;;) {
    if (auto done = await_rows(until); !done)
      return std::move(done.error());
    postgres_rows next{PQgetResult(handle_)};
    if (!next)
      break;
    if (!rows || PQresultStatus(rows.get()) != PGRES_FATAL_ERROR)
      rows = std::move(next);
  }
  if (!rows)
    return lost("no answer");
  auto how = PQresultStatus(rows.get());
  if (how == PGRES_COMMAND_OK || how == PGRES_TUPLES_OK)
    return rows;
  return refused(rows.get());
}

/// Waits until PQgetResult would not block.
status postgres_link::await_rows(time_point until) {
  for (;;) {
    auto unsent = PQflush(handle_);
    if (unsent < 0)
      return lost(PQerrorMessage(handle_));
    if (!unsent && !PQisBusy(handle_))
      return ok;
    short events = unsent ? POLLIN | POLLOUT : POLLIN;
    if (auto done = await_socket(events, until); !done)
      return done;
    if (!PQconsumeInput(handle_))
      return lost(PQerrorMessage(handle_));
  }
}

status postgres_link::await_socket(short events, time_point until) {
  for (;;) {
    auto left = std::chrono::ceil<milliseconds>(until - clock::now()).count();
    pollfd socket{PQsocket(handle_), events, 0};
    auto ready = left > 0 ? ::poll(&socket, 1, static_cast<int>(left)) : 0;
    if (ready > 0)
      return ok;
    if (ready == 0)
      return lost("it does not answer in time");
    if (errno != EINTR)
      return lost("its socket is broken");
  }
}

error postgres_link::lost(const std::string& why) {
  is_lost_ = true;
  auto line = why.substr(0, why.find('\n'));
  return fail(ec::catalog_unavailable,
              "catalog '" + name_ + "' cannot be reached: "
                + (line.empty() ? "the connection is closed" : line));
}

error postgres_link::refused(const pg_result* rows) {
  auto field = [rows](int code) -> std::string {
    auto text = PQresultErrorField(rows, code);
    return text ? text : "";
  };
  auto state = field(PG_DIAG_SQLSTATE);
  auto why = field(PG_DIAG_MESSAGE_PRIMARY);
  if (PQstatus(handle_) != CONNECTION_OK || state.empty()) // libpq's own words
    return lost(why.empty() ? PQresultErrorMessage(rows) : why);
  if (ends_connection(state))
    is_lost_ = true;
  return fail(may_pass(state) ? ec::catalog_unavailable : ec::catalog_failed,
              "catalog '" + name_ + "' refused a statement: " + why + " ("
                + state + ")" + postgres_advice(state));
}

} // namespace darkroom
