"""Jumps, calls and returns: what they depend on must not be secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iced_x86 import FlowControl, Instruction, OpKind, Register

from constant_time.addresses import address_of
from constant_time.decoded import NAMES, facts
from constant_time.findings import CannotFollow
from constant_time.integers import CONDITIONS

if TYPE_CHECKING:
    from constant_time.processor import Processor, Step


def turn(processor: Processor, instruction: Instruction) -> Step:
    """A step for an instruction after which the next one is not always the next in memory."""
    flow = instruction.flow_control
    if flow == FlowControl.CONDITIONAL_BRANCH:
        return _conditional(processor, instruction)
    if flow == FlowControl.RETURN:
        return _return(processor, instruction)
    if flow in {FlowControl.INDIRECT_CALL, FlowControl.INDIRECT_BRANCH}:
        return _indirect(processor, instruction, flow == FlowControl.INDIRECT_CALL)
    if flow not in {FlowControl.CALL, FlowControl.UNCONDITIONAL_BRANCH}:
        raise CannotFollow(processor.shown(instruction))
    target, after = instruction.near_branch_target, instruction.next_ip
    if flow == FlowControl.UNCONDITIONAL_BRANCH:
        return lambda: target

    def call() -> int:
        processor.push(after)
        return target

    return call


def _conditional(processor: Processor, instruction: Instruction) -> Step:
    name = NAMES[instruction.mnemonic]
    if name[1:] not in CONDITIONS:
        raise CannotFollow(processor.shown(instruction))
    holds, needed = CONDITIONS[name[1:]], facts(instruction).flags_read
    target, after = instruction.near_branch_target, instruction.next_ip
    levels, flags = processor.flag_level, processor.flag

    def jump() -> int:
        for flag in needed:
            if levels[flag]:
                processor.need(levels[flag], "a branch", instruction)
        return target if holds(flags) else after

    return jump


def _return(processor: Processor, instruction: Instruction) -> Step:
    def back() -> int:
        top = processor.value[Register.RSP]
        target = _in_memory(processor, instruction, top)
        processor.set(Register.RSP, top + 8)
        return target

    return back


def _indirect(processor: Processor, instruction: Instruction, is_call: bool) -> Step:
    register, after = instruction.op0_register, instruction.next_ip
    where = None
    if instruction.op0_kind == OpKind.MEMORY:
        where = address_of(processor, instruction, facts(instruction).loads[0])

    def go() -> int:
        if where is None:
            processor.need(processor.level[register], "where to go", instruction)
            target = processor.value[register]
        else:
            target = _in_memory(processor, instruction, where())
        if is_call:
            processor.push(after)
        return target

    return go


def _in_memory(processor: Processor, instruction: Instruction, address: int) -> int:
    processor.need(processor.memory.level(address, 8), "where to go", instruction)
    return int.from_bytes(processor.memory.known(address, 8), "little")
