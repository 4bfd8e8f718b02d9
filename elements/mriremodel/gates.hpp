#pragma once
#include "elements/mriremodel/remodel.hpp"

/// What must hold before and after a head is changed. Plain C++.
namespace deid::mriremodel {

/// Throws RemodelError: the volume shows too little of a face, the face was removed before, or no head is far
/// enough from the own one.
void check_before(const Chosen& chosen, const Subject& subject, const GateTuning& gates = {});

/// Looks at the changed voxels as somebody would who wants to know whose head it is. Fills what the report
/// says of it. Throws RemodelError: the old skin is still there, the new skin is where the old one was, or
/// the own head is found before every stranger. recogniser: may be nullptr, then faces are not compared.
void check_after(Report& report, const Chosen& chosen, const Subject& subject,
                 std::span<const std::byte> voxels, Recogniser* recogniser, const GateTuning& gates = {});

} // namespace deid::mriremodel
