#include "properties/accidents.hpp"

#include "properties/evidence.hpp"

namespace audit::properties {

reports::Finding finding_of(const impls::Accident& met, const impls::Implementation& target, reference::Case question) {
  if (met.row) question = reference::spelled_out(question.map, question.format, *met.row);
  reports::Finding finding;
  finding.law = impls::label(met.kind);
  finding.element = met.element;
  finding.got = met.what();
  finding.want = impls::instead_of(met.kind);
  finding.source = "plugin.h";
  identify(finding, target, question);
  return finding;
}

void Accidents::count(const impls::Accident& met, const impls::Implementation& target,
                      const reference::Case& question) {
  given_up_ = given_up_ || met.kind == impls::Accident::Kind::given_up;
  if (met.kind == impls::Accident::Kind::given_up) return;
  ++rows_[std::string(impls::label(met.kind))];
  if (first_) return;
  first_ = finding_of(met, target, question);
  charge(met);
}

bool Accidents::takes(const impls::Accident& met, const impls::Implementation& target,
                      const reference::Case& question) {
  given_up_ = given_up_ || met.kind == impls::Accident::Kind::given_up;
  if (given_up_) return false;
  charge(met);
  if (first_->law != impls::label(met.kind)) return false;
  first_ = finding_of(met, target, question);
  return true;
}

void Accidents::charge(const impls::Accident& met) {
  if (!met.survived) cost_ += met.kind == impls::Accident::Kind::timed_out ? most_cost : 1;
}

}  // namespace audit::properties
