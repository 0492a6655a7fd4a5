/// Rows of budget.
#include "config/fields.hpp"

namespace darkroom {

namespace {

template <auto Bounds, auto Member>
place at_bound(settings& all) {
  return &(all.budget.*Bounds.*Member);
}

/// The three bounds of one scope; the keys of the whole have no prefix.
template <auto Bounds>
void add_bounds(const std::string& prefix, const std::string& whose,
                std::vector<field>& rows) {
  using bounds = budget_bounds;
  field row;
  row.section = "budget";
  auto add = [&](const char* key, field_type type, place (*at)(settings&),
                 int64_t most, const std::string& reason) {
    row.key = prefix + key;
    row.type = type;
    row.at = at;
    row.most = most;
    row.reason = reason;
    rows.push_back(row);
  };
  add("requests", field_type::number, at_bound<Bounds, &bounds::requests>,
      1000000000, "Most calls per day" + whose + "; 0 = no bound.");
  add("tokens", field_type::number, at_bound<Bounds, &bounds::tokens>,
      1000000000000,
      "Most tokens per day" + whose + ", as providers count them.");
  add("money", field_type::amount, at_bound<Bounds, &bounds::money>,
      most_amount,
      "Most money per day" + whose + ", by price_in and price_out.");
}

} // namespace

std::vector<field> budget_fields() {
  using s = budget_settings;
  std::vector<field> rows;
  add_bounds<&s::vision>("vision_", " to vision models", rows);
  add_bounds<&s::embedding>("embedding_", " to embedding models", rows);
  add_bounds<&s::total>("", " in all", rows);
  constexpr rows_of<&settings::budget> budget{"budget"};
  rows.push_back(budget
                   .text<&s::then>(
                     "then", "When a bound is reached: wait until the day ends "
                             "(UTC), or go on with a local provider of the "
                             "list.")
                   .one_of({"wait", "local"}));
  return rows;
}

} // namespace darkroom
