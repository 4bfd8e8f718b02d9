#pragma once
#include "elements/mriremodel/subject.hpp"

/// What other tools do to a face, for comparison. All of it works in the same part of the head. Plain C++.
namespace deid::mriremodel {

/// Sets every voxel of the face and before it to the least value of the scan. Returns how many were set.
std::size_t remove_face(std::span<std::byte> voxels, const Subject& subject, const volume::Mask& kept);

/// Sets every voxel before a plane to the least value. The plane lies 10 mm before and below the brain, as
/// steep as the brain's front (Schimke and Hale 2011, quickshear).
std::size_t shear(std::span<std::byte> voxels, const Subject& subject, const volume::Mask& kept);

/// Blurs the face's part by about 6 mm.
std::size_t blur(std::span<std::byte> voxels, const Subject& subject, const volume::Mask& kept);

} // namespace deid::mriremodel
