#pragma once
#include "elements/volume/grid/field.hpp"
#include <functional>

/// Smoothing of fields, and loops on two threads. Plain C++; any thread.
namespace deid::volume {

/// Every number becomes the mean of itself and its two neighbours along one axis (0, 1, 2). At the edge of
/// the grid the last number counts twice.
void soften(Field& field, std::size_t axis);

/// soften() along all axes, `times` times: nearly a Gauss function of .82 x sqrt(times) cells.
void smooth(Field& field, int times);

/// Calls work(first, last) for two halves of [0, count) on two threads, and returns when both are done. An
/// exception of either is thrown here. work: must allow two threads.
void in_halves(int count, const std::function<void(int first, int last)>& work);

/// Calls work(i) once for every i of [0, count) on two threads, in no certain order. As in_halves().
void in_slices(int count, const std::function<void(int slice)>& work);

} // namespace deid::volume
