<#-- The account is frozen: who can help now. -->
<#import "template.ftl" as layout>
<#import "parts.ftl" as parts>
<@layout.registrationLayout; section>
<#if section == "header">
${msg("frozenTitle")}
<#elseif section == "form">
<p>${msg("frozenText")}</p>
<p>${msg("frozenNext")}</p>
<#if agencies?has_content>
<ul>
  <#list agencies as one>
  <li><strong>${one.name}</strong><#if one.phone?has_content><br>${msg("helpPhone")} <@parts.telephone number=one.phone/></#if><#if one.email?has_content><br>${msg("helpEmail")} <a class="typed" href="mailto:${one.email}">${one.email}</a></#if></li>
  </#list>
</ul>
</#if>
</#if>
</@layout.registrationLayout>
